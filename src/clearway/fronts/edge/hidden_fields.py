"""Header fields of an origin that say nothing to a browser, or the wrong thing."""

# its own CORS depends on the request that happened to come first; cookies, keys and lifetimes are the edge's business
OF_ANY_ORIGIN = (
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Methods",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
    "Alt-Svc",
    "Expires",
    "Pragma",
    "Server",
    "Set-Cookie",
    "Strict-Transport-Security",
    "Vary",
    "X-Content-Type-Options",
)
# what stores say about themselves
OF_STORES = (
    "x-amz-delete-marker",
    "x-amz-expiration",
    "x-amz-id-2",
    "x-amz-meta-sha256",
    "x-amz-replication-status",
    "x-amz-request-id",
    "x-amz-server-side-encryption",
    "x-amz-storage-class",
    "x-amz-version-id",
    "x-goog-generation",
    "x-goog-hash",
    "x-goog-metageneration",
    "x-goog-storage-class",
    "x-goog-stored-content-encoding",
    "x-goog-stored-content-length",
    "x-guploader-uploadid",
    "x-ms-blob-type",
    "x-ms-creation-time",
    "x-ms-lease-state",
    "x-ms-lease-status",
    "x-ms-request-id",
    "x-ms-server-encrypted",
    "x-ms-version",
    "x-rgw-object-type",
)
HIDDEN = (*OF_ANY_ORIGIN, *OF_STORES)
