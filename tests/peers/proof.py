"""What backs each row of docs/howto/coming-from-whitenoise.md.

A test is named by its file and function; a row of one of the tables by "behaviour:" or "django:" and its name.
"""

BACKED: dict[str, tuple[str, ...]] = {
    # --- construction
    "Wrapper": ("behaviour: a file", "tests/serve/test_same_answers.py::test_all_roads_answer_alike"),
    "Wrapper without application": (
        "tests/peers/test_defects.py::test_without_an_application_the_rest_is_not_found",
        "tests/test_asgi.py::test_without_an_application_the_rest_is_not_found_and_a_websocket_is_closed",
    ),
    "`root`, `prefix`, `add_files`": (
        "behaviour: a file",
        "tests/serve/test_added_files.py::test_a_prefix_gets_one_slash_at_each_end",
        "tests/test_wsgi.py::test_a_directory_with_release_records_is_served_from_them",
    ),
    "Order of directories": ("tests/serve/test_added_files.py::test_what_is_added_later_wins",),
    "Missing directory": ("tests/peers/test_defects.py::test_a_directory_that_is_missing_is_said_in_the_log",),
    "`autorefresh`": (
        "tests/serve/test_added_files.py::test_autorefresh_sees_every_change",
        "tests/serve/test_event_loop.py::test_serving_files_that_are_looked_at_on_every_request",
        "tests/peers/test_django.py::test_a_source_that_is_new_is_seen_with_autorefresh",
    ),
    "`max_age`": (
        "behaviour: the lifetime",
        "django: MAX_AGE",
        "django: MAX_AGE of None",
        "django: DEBUG looks at the sources",
    ),
    "`allow_all_origins`": (
        "behaviour: other origins may read it",
        "behaviour: what others may read of a 304",
        "django: ALLOW_ALL_ORIGINS",
        "tests/peers/test_defects.py::test_who_may_read_a_part",
    ),
    "`charset`": ("behaviour: the charset of text", "django: CHARSET"),
    "`mimetypes`": (
        "behaviour: a type by extension of the project's",
        "behaviour: a type by name of the project's",
        "django: MIMETYPES",
        "tests/peers/test_django.py::test_a_type_of_the_project_s_decides_what_is_encoded",
    ),
    "`add_headers_function`": (
        "behaviour: the function's header fields",
        "behaviour: the function sees a directory's URL",
        "django: ADD_HEADERS_FUNCTION",
        "tests/serve/test_added_files.py::test_add_headers_function_is_called_once_with_headers_path_and_url",
        "tests/serve/test_added_files.py::test_add_headers_function_may_bring_its_own_validators",
        "tests/http/test_header_rules.py::test_a_tag_of_the_function_s_is_one_for_each_coding_when_it_is_strong",
    ),
    "`index_file`": (
        "behaviour: a directory",
        "django: INDEX_FILE",
        "tests/serve/test_added_files.py::test_index_file_by_another_name",
    ),
    "`immutable_file_test`": (
        "tests/serve/test_added_files.py::test_immutable_file_test_as_a_callable",
        "tests/serve/test_added_files.py::test_immutable_file_test_as_a_regular_expression_of_the_url",
    ),
    "The test in the middleware": (
        "django: IMMUTABLE_FILE_TEST",
        "django: IMMUTABLE_FILE_TEST and a name with a hash",
    ),
    "`allow_unsafe_symlinks`": (
        "tests/peers/test_defects.py::test_a_link_out_of_the_directory_can_be_allowed",
        "tests/peers/test_django.py::test_links_that_lead_out_are_followed_where_servestatic_was_told_to",
    ),
    "Files at the site's root": (
        "django: a file of the site's root",
        "django: an index file of the site's root",
        "tests/test_catalogs.py::test_files_at_the_site_root_the_first_directory_wins",
    ),
    "Finders in production": (
        "django: a finder, autorefresh False",
        "django: an index file of a finder, autorefresh False",
        "tests/peers/test_django.py::test_a_source_goes_before_what_was_collected",
    ),
    "Prefix of static files": (
        "django: STATIC_PREFIX",
        "django: FORCE_SCRIPT_NAME",
        "django: a relative STATIC_URL",
        "tests/serve/test_same_answers.py::test_below_a_script_name_every_road_serves_and_misses_alike",
    ),
    "What is read at start": (
        "tests/catalog/test_static_root.py::test_neither_records_nor_listed_directories_are_read",
    ),
    "Files beside the manifest": ("tests/peers/test_django.py::test_files_made_by_others_in_static_root",),
    "Codings that can be chosen": ("tests/peers/test_django.py::test_the_codings_of_servestatic_s_settings",),
    "Zstandard": ("tests/peers/test_django.py::test_the_codings_of_servestatic_s_settings",),
    "Zstandard dictionary": ("tests/peers/test_django.py::test_the_codings_of_servestatic_s_settings",),
    "Minified files": (
        "tests/peers/test_django.py::test_minify_is_of_every_coding",
        "tests/build/test_minify.py::test_every_variant_is_of_the_minified_bytes_and_sources_stay",
    ),
    "Levels of compression": (
        "tests/build/test_pipeline.py::test_other_levels_are_for_new_contents_what_a_retained_release_lists_stays_as_it_is",
    ),
    "Validation of settings": (
        "tests/peers/test_settings.py::test_one_that_cannot_be_read_is_an_error_that_names_it",
        "tests/test_conf.py::test_an_unknown_key_is_refused_with_a_hint",
    ),
    "Middleware, sync and async": (
        "tests/peers/test_defects.py::test_which_chains_a_middleware_can_stand_in",
        "tests/test_middleware.py::test_it_stands_in_chains_of_both_kinds",
    ),
    "Methods to override": ("tests/peers/test_defects.py::test_the_hooks_of_their_classes_are_options_here",),
    "Typing": ("tests/peers/test_defects.py::test_who_is_typed",),
    # --- requests
    "Lookup": ("behaviour: a file with a name to escape", "tests/catalog/test_tree.py::test_a_file_has_one_spelling"),
    "A file that is new": (
        "tests/peers/test_django.py::test_a_source_that_is_new_is_seen_with_autorefresh",
        "tests/peers/test_django.py::test_files_made_by_others_in_static_root",
    ),
    "A file that was changed": (
        "tests/peers/test_defects.py::test_a_file_that_grew_has_the_old_length_there",
        "tests/peers/test_defects.py::test_a_file_that_grew_has_its_own_length_here",
    ),
    "A file that was deleted": (
        "tests/peers/test_defects.py::test_a_file_that_vanished_is_an_error_of_theirs",
        "tests/peers/test_defects.py::test_a_file_that_vanished_is_a_miss_of_ours",
        "tests/serve/test_changed_files.py::test_a_vanished_file_is_a_miss_like_any_other",
    ),
    "A hashed file of the deploy before": (
        "tests/peers/test_django.py::test_a_hashed_file_of_the_release_before",
        "tests/peers/test_django.py::test_after_both_edits_the_pages_of_the_deploy_before_keep_their_files",
    ),
    "`staticfiles.json`": ("django: the manifest",),
    "Dotfiles": (
        "behaviour: a dotfile",
        "tests/serve/test_added_files.py::test_files_at_the_site_root_leave_misses_to_the_application",
    ),
    "Odd paths": ("behaviour: a path that climbs", "behaviour: a path with two slashes"),
    "Paths that are no UTF-8": (
        "behaviour: a path that is not UTF-8",
        "tests/test_wsgi.py::test_a_path_that_is_not_utf_8_names_the_file_of_these_octets",
    ),
    "NUL and very long paths": ("behaviour: a path with a NUL", "behaviour: a path of 5,000 characters"),
    "Methods": ("behaviour: POST", "behaviour: HEAD has no content"),
    "OPTIONS": (
        "behaviour: OPTIONS",
        "tests/http/test_decision.py::test_a_preflight_is_not_granted_where_other_origins_may_not_read",
    ),
    "POST to a redirect": ("behaviour: POST to a redirect",),
    "Directories": (
        "behaviour: a directory",
        "behaviour: a directory in it",
        "behaviour: the prefix",
        "behaviour: a directory without its slash",
        "behaviour: the prefix without its slash",
        "behaviour: an index file by its name",
        "behaviour: a directory without index file",
    ),
    "A query on a redirect": ("behaviour: a redirect keeps the query",),
    "Lifetime of a redirect": ("behaviour: a redirect may be kept",),
    "An empty path": ("tests/peers/test_defects.py::test_an_empty_path_below_a_script_name",),
    "Answer to a miss": (
        "behaviour: what is not there, below a prefix",
        "behaviour: what lies elsewhere",
        "django: what is missing",
        "tests/test_middleware.py::test_passed_misses_are_the_application_s_and_its_404_is_not_stored",
    ),
    "A miss under `DEBUG`": ("tests/test_catalogs.py::test_a_finder_of_another_kind_is_asked",),
    "`runserver`": ("tests/system/test_runserver.py::test_sources_are_served_by_the_rules_of_production",),
    # --- conditions
    "`ETag`": ("tests/catalog/test_directory_files.py::test_a_file_is_answered_with_the_digest_of_its_content",),
    "`ETag` of encodings": ("tests/peers/test_defects.py::test_one_tag_for_two_representations",),
    "`ETag` in another time zone": ("tests/peers/test_defects.py::test_a_tag_that_depends_on_the_time_zone",),
    "`ETag` after a new image": ("tests/peers/test_defects.py::test_a_tag_that_changes_with_every_image",),
    "`Last-Modified`": (
        "behaviour: a file",
        "tests/catalog/test_directory_files.py::test_an_odd_time_of_change_is_no_obstacle",
        "tests/catalog/test_release_files.py::test_everything_is_known_without_a_disk",
    ),
    "`If-None-Match`": (
        "behaviour: the same tag",
        "behaviour: the same tag, weak",
        "behaviour: the same tag in a list",
        "behaviour: any tag",
        "behaviour: another tag",
    ),
    "Precedence of the tag": ("behaviour: another tag goes before the date",),
    "`If-Modified-Since`": (
        "behaviour: not modified since then",
        "behaviour: not modified since the future",
        "behaviour: modified since",
        "behaviour: a date that is none",
        "tests/http/test_dates.py::test_dates",
    ),
    "`If-Match`, `If-Unmodified-Since`": (
        "behaviour: only if it is another",
        "behaviour: only if it is old",
    ),
    "`If-Range`": ("behaviour: a range of another version", "behaviour: a range of this version"),
    "Fields of a 304": ("behaviour: what others may read of a 304", "django: not modified"),
    # --- ranges
    "One range": (
        "behaviour: the first five octets",
        "behaviour: the last three",
        "behaviour: some in the middle",
        "behaviour: from some on",
        "behaviour: past the end",
        "behaviour: more than all at the end",
    ),
    "One octet": ("behaviour: one octet", "behaviour: the last octet", "behaviour: the last octet by its place"),
    "`bytes=-0`": ("behaviour: no octets at the end",),
    "Beyond the end": ("behaviour: out of range", "behaviour: far out of range"),
    "End before start": ("behaviour: the end before the start",),
    "Malformed ranges": ("behaviour: digits that only Python reads", "behaviour: an unknown unit"),
    "The unit in capitals": ("behaviour: the unit in capitals",),
    "Several ranges": ("behaviour: several ranges",),
    "HEAD with a range": ("behaviour: HEAD and a range",),
    "A range of an encoded file": ("behaviour: a range of what can be had encoded",),
    "`Accept-Ranges`": ("behaviour: what can be asked for in ranges says so",),
    # --- encodings
    "Choice": ("behaviour: gzip", "behaviour: brotli", "django: gzip", "django: brotli"),
    "Weight of 0": ("behaviour: gzip refused",),
    "Other weights": ("behaviour: gzip with a weight", "behaviour: the smallest goes before the heaviest"),
    "Case, and whole words": ("behaviour: gzip in capitals", "behaviour: gzip inside of another word"),
    "`*`, nothing, unknown codings": (
        "behaviour: any coding",
        "behaviour: no coding asked for",
        "behaviour: an empty list",
        "behaviour: an unknown coding",
    ),
    "`identity;q=0`": ("behaviour: nothing acceptable",),
    "`Vary`": (
        "behaviour: no coding asked for",
        "tests/http/test_header_rules.py::test_vary_is_there_exactly_when_there_are_variants",
    ),
    "Neighbours of added files": ("tests/catalog/test_pairing.py::test_neighbours_lose_their_own_name",),
    "An encoded file by its own name": ("behaviour: an encoding by its own name",),
    "`a.tar` beside `a.tar.gz`": ("behaviour: a tar file beside its archive", "behaviour: the archive itself"),
    "A neighbour older than its file": ("tests/peers/test_defects.py::test_a_variant_that_is_older_than_its_file",),
    # --- types
    "Table of types": ("tests/http/test_media_types.py::test_the_systems_table_is_ignored",),
    "`.webmanifest`, `.map`, fonts, `.csv`, …": ("behaviour: a web manifest", "behaviour: an OpenType font"),
    "Types that only they knew": ("tests/peers/test_defects.py::test_every_extension_that_they_know_has_a_type",),
    "`apple-app-site-association`": (
        "tests/http/test_media_types.py::test_a_whole_name_says_more_than_its_extension",
        "tests/peers/test_defects.py::test_the_types_that_differ_are_those_that_were_registered_since",
    ),
    "Charset on other types": ("tests/http/test_media_types.py::test_text_has_a_charset_once",),
    "What is not encoded": (
        "django: SKIP_COMPRESS_EXTENSIONS",
        "tests/http/test_media_types.py::test_what_pays_to_compress",
    ),
    # --- sending
    "`wsgi.file_wrapper`": (
        "tests/test_wsgi.py::test_a_whole_large_file_is_given_to_the_file_wrapper_of_the_server",
        "tests/test_middleware.py::test_a_whole_large_file_reaches_the_file_wrapper_and_is_closed",
    ),
    "`pathsend` over ASGI": (
        "tests/test_asgi.py::test_a_whole_large_file_is_sent_by_its_path_where_the_server_offers_it",
    ),
    "Large files over ASGI": ("tests/test_asgi.py::test_a_large_file_is_streamed_in_bounded_blocks",),
    "A client that leaves": (
        "tests/test_asgi.py::test_a_client_that_is_gone_ends_the_reading",
        "tests/test_wsgi.py::test_a_large_file_is_closed_when_the_client_leaves_early",
    ),
    "Trio": ("tests/serve/test_downloads.py::test_trio_can_run_the_wrapper",),
    "Cost of a page behind the middleware": (
        "tests/peers/test_defects.py::test_which_chains_a_middleware_can_stand_in",
    ),
    "Small files": ("tests/serve/test_bodies.py::test_a_kept_body_is_read_once",),
    # --- start
    "Cost of a start": ("tests/catalog/test_static_root.py::test_neither_records_nor_listed_directories_are_read",),
    "Broken link, loop, FIFO": (
        "tests/peers/test_defects.py::test_an_odd_entry_keeps_them_from_starting",
        "tests/peers/test_defects.py::test_an_odd_entry_is_passed_over_here",
    ),
    "Missing `STATIC_ROOT`": ("tests/catalog/test_static_root.py::test_a_missing_static_root_is_only_a_warning",),
    "A link that leads out": ("tests/peers/test_defects.py::test_a_link_out_of_the_directory",),
    "An encoded neighbour that leads out": (
        "tests/peers/test_defects.py::test_an_encoding_that_is_a_link_out_of_the_directory",
    ),
    # --- build
    "Storage classes": ("django: a name with a hash", "django: a name without"),
    "Names with a hash": (
        "tests/test_storage.py::test_names_are_those_of_djangos_own_storage_where_nothing_is_rewritten",
    ),
    "References": (
        "tests/build/test_css.py::test_urls_are_found_where_css_has_them",
        "tests/build/test_js.py::test_urls_are_found_where_a_script_has_them",
        "tests/build/test_svg.py::test_urls_are_found_where_an_svg_has_them",
        "tests/build/test_web_manifest.py::test_images_are_found_and_pages_are_not",
    ),
    "Several threads": ("tests/build/test_incremental.py::test_another_machine_with_the_same_cache_encodes_nothing",),
    "When a variant is kept": ("tests/build/test_encode.py::test_a_variant_is_kept_only_when_it_pays",),
    "Builds without changes": ("tests/build/test_pipeline.py::test_a_second_run_writes_nothing_and_encodes_nothing",),
    "Stale variants": ("tests/build/test_pipeline.py::test_any_damage_is_healed_by_the_next_run",),
    "A missing reference": ("tests/test_storage.py::test_all_missing_references_stop_the_build_in_one_message",),
    "A missing source map of others": (
        "tests/build/test_plan.py::test_a_missing_source_map_of_others_is_a_warning_and_is_left_alone",
    ),
    "URLs in comments": ("tests/build/test_css.py::test_urls_are_found_where_css_has_them",),
    "A query in a font's name": (
        "tests/build/test_references.py::test_a_reference_with_a_query_follows_a_rewritten_target",
    ),
    "Output of bundlers": ("tests/build/test_bundlers.py::test_a_bundle_is_published_as_it_is_and_never_changes",),
    "`--dry-run`": ("tests/management/test_collectstatic.py::test_a_dry_run_tells_the_plan_and_writes_nothing",),
    "`python -m whitenoise.compress`": (
        "tests/test_compress_verb.py::test_compress_has_the_options_of_its_predecessor",
    ),
    "`servestatic` command": ("tests/test_build_verb.py::test_a_directory_becomes_a_release",),
}
