"""`Options` and `AllowOverride` as they add up over sections."""

from clearway.fronts.directive import Directive

from .scope import Layer, Scope

_ALL = frozenset({"indexes", "includes", "includesnoexec", "followsymlinks", "execcgi"})
_KNOWN = {"symlinksifownermatch": "symlinksifownermatch", "symlinksifowner": "symlinksifownermatch"}

# By the name of the class in AllowOverride; what stands in none is never taken from an .htaccess.
_CLASSES = {
    "authconfig": "authtype authname authuserfile authgroupfile authbasicprovider require authmerging satisfy"
    " requireall requireany requirenone authzsendforbiddenonfailure",
    "fileinfo": "addtype addencoding addcharset addlanguage addhandler adddefaultcharset defaulttype errordocument"
    " forcetype languagepriority sethandler setinputfilter setoutputfilter addoutputfilter addoutputfilterbytype"
    " removetype removeencoding removehandler removecharset removelanguage header requestheader rewriteengine"
    " rewritebase rewriterule rewritecond rewriteoptions redirect redirectmatch redirecttemp redirectpermanent"
    " setenv setenvif setenvifnocase browsermatch unsetenv action"
    " acceptpathinfo fileetag enablemmap enablesendfile"
    " xsendfile addinputfilter defaultlanguage modmimeusepathinfo multiviewsmatch passenv contentdigest"
    " qualifyredirecturl",
    "indexes": "directoryindex directoryslash fallbackresource directoryindexredirect indexoptions expiresactive"
    " expiresbytype expiresdefault addicon adddescription indexignore headername readmename indexorderdefault"
    " indexstylesheet",
    "limit": "order allow deny",
    "options": "options xbithack checkspelling",
}
_ANYWHERE = frozenset({
    "limit", "limitexcept", "files", "filesmatch", "if", "elseif", "else", "limitrequestbody", "use", "macro",
    "undefmacro",
})  # fmt: skip
# of the server's own files: no AllowOverride lets them into an .htaccess, though AllowOverrideList may
_NOWHERE = frozenset({
    "alias", "aliasmatch", "allowmethods", "allowoverride", "allowoverridelist", "directory", "directorymatch",
    "documentroot", "include", "includeoptional", "listen", "loadmodule", "location", "locationmatch", "proxypass",
    "proxypassmatch", "proxypassreverse", "proxypreservehost", "scriptalias", "scriptaliasmatch", "serveralias",
    "servername", "typesconfig", "virtualhost",
})  # fmt: skip
_UNSET = frozenset({"unset"})  # then an .htaccess is read, and every directive in it refused
_CLASS = {name: kind for kind, names in _CLASSES.items() for name in names.split()}
_CLASS |= {"limitrequestbody": "all", "serversignature": "all", "loglevel": "all"}


def options(scope: Scope) -> frozenset[str]:
    """The options that hold, in lower case; `FollowSymLinks` from the start."""
    held = frozenset({"followsymlinks"})
    for each in scope.all("options"):
        held = _changed(held, each.words)
    return held


def _changed(held: frozenset[str], words: tuple[str, ...]) -> frozenset[str]:
    first = True
    for word in (each.lower() for each in words):
        names = {_KNOWN.get(word.lstrip("+-"), word.lstrip("+-"))}
        names = set(_ALL) if "all" in names else set() if "none" in names else names
        if word.startswith("-"):
            held = held - names
        elif word.startswith("+"):
            held = held | names
        else:
            held = frozenset(names) if first else held | names
        first = False
    return held


def allowed(layers: list[Layer]) -> frozenset[str]:
    """The classes that the last AllowOverride leaves to an .htaccess, and `name:` of each of AllowOverrideList.

    Empty where it is not read.
    """
    held = _UNSET
    for layer in layers:
        for each in layer.directives:
            if each.name == "allowoverride":
                held = frozenset(name for name in held if ":" in name) | _classes(each.words)
            elif each.name == "allowoverridelist":
                names = frozenset() if each.words[:1] == ("None",) else {f"name:{word.lower()}" for word in each.words}
                held = frozenset(name for name in held if ":" not in name) | names
    return held


def _classes(words: tuple[str, ...]) -> frozenset[str]:
    found = {word.lower().partition("=")[0] for word in words}
    if found <= {"nonfatal", "none"}:
        return frozenset(found & {"nonfatal"})
    if "all" in found:
        return frozenset({*_CLASSES, "all", *(found & {"nonfatal"})})
    return frozenset(found - {"none"})


def refused(directives: tuple[Directive, ...], classes: frozenset[str]) -> Directive | None:
    """The first directive that may not stand in an .htaccess."""
    has_some = any(name in _CLASSES or name == "all" for name in classes)
    for each in directives:
        mark = "<" if each.block is not None or each.name == "macro" else ""
        if f"name:{mark}{each.name}" in classes:
            continue
        if each.name in _ANYWHERE or each.name.startswith(("requireall", "requireany", "requirenone")):
            inner = refused(each.block or (), classes) if has_some else each
            if inner:
                return inner
        elif each.name in _NOWHERE or _CLASS.get(each.name, "all") not in classes:
            return each
    return None
