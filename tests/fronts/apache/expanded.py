"""Texts with macros, and the directives that httpd reads in their place."""

from collections.abc import Iterable, Iterator

from clearway.fronts.directive import Directive


def shown(directives: Iterable[Directive]) -> Iterator[str]:
    """Without ServerRoot; a section with what is in it."""
    for each in directives:
        if each.name not in {"serverroot", "define", "macro", "use", "undefmacro"}:
            inside = "" if each.block is None else f"({'; '.join(shown(each.block))})"
            yield " ".join([each.name, *map(repr, each.words)]) + inside


# The text, and what the real one reads in its place (`apache2 -t -D DUMP_CONFIG`).
WRITTEN = [
    ("<Macro M $x>\nSetEnv a $x\n</Macro>\nUse M 1\nuse m 2", ["setenv 'a' '1'", "setenv 'a' '2'"]),
    ("<Macro M>\nSetEnv a b\n</Macro>\n", []),
    ("<Macro M>\n</Macro>\nUse M", []),
    ('<Macro "M N" $x>\nSetEnv a $x\n</Macro>\nUse "m n" 1', ["setenv 'a' '1'"]),
    ('<Macro M $a $ab>\nSetEnv x "$ab $a"\n</Macro>\nUse M 1 2', ["setenv 'x' '2 1'"]),
    ('<Macro M $ab $a>\nSetEnv x "$ab $a"\n</Macro>\nUse M 1 2', ["setenv 'x' '1 2'"]),
    ("<Macro M @a>\nSetEnv x @a\n</Macro>\nUse M 'say \"hi\" \\x'", ["setenv 'x' 'say \"hi\" \\\\x'"]),
    ("<Macro M %a>\nSetEnv x '%a'\n</Macro>\nUse M 'say \"hi\" \\x'", ["setenv 'x' 'say \"hi\" \\\\x'"]),
    ("<Macro M x>\nSetEnv xJ x\n</Macro>\nUse M yes", ["setenv 'yesJ' 'yes'"]),
    ('<Macro M $x>\nSetEnv a "$x $y"\n</Macro>\nUse M "$y $x"', ["setenv 'a' '$y $x $y'"]),
    ('<Macro M $x>\nSetEnv a "-$x"\n</Macro>\nUse M ""', ["setenv 'a' '-'"]),
    ('<Macro M $x>\n$x\n</Macro>\nUse M "SetEnv q r"', ["setenv 'q' 'r'"]),
    ('<Macro M $x>\n$x SetEnv q r\n</Macro>\nUse M "#"', []),
    ('<Macro M $x>\n$x\n</Macro>\nUse M ""', []),
    ("<Macro M $x>\n# SetEnv q $x\nSetEnv r \\\n  $x\n</Macro>\nUse M 1", ["setenv 'r' '1'"]),
    ("<Macro M>\nSetEnv a 1\n</Macro>\n<Macro M>\nSetEnv a 2\n</Macro>\nUse M\nUndefMacro M", ["setenv 'a' '2'"]),
    ("Define v one\n<Macro M $x>\nSetEnv a $x-${v}\n</Macro>\nDefine v two\nUse M ${v}", ["setenv 'a' 'two-two'"]),
    ("<Macro M $x>\n<IfDefine $x>\nSetEnv a $x\n</IfDefine>\n</Macro>\nDefine in\nUse M in\nUse M out",
     ["setenv 'a' 'in'"]),
    ("<IfDefine NO>\nUse None\n</IfDefine>", []),
    ("<Macro O $d>\n<Directory $d>\n</Macro>\nUse O /srv\nSetEnv a b\n</Directory>",
     ["directory '/srv'(setenv 'a' 'b')"]),
    ("<Macro C>\n</Directory>\n</Macro>\n<Directory /a>\nSetEnv a b\nUse C\nSetEnv c d",
     ["directory '/a'(setenv 'a' 'b')", "setenv 'c' 'd'"]),
    ("<Macro O $n>\n<Macro I_$n $k>\nSetEnv a $n-$k\n</Macro>\nUse I_$n v\n</Macro>\nUse O q\nUse I_q w",
     ["setenv 'a' 'q-v'", "setenv 'a' 'q-w'"]),
    ("<Macro M $x>\nSetEnv a $x\n</Macro>\n<VirtualHost *:80>\nUse M \\\n 1\n</VirtualHost>",
     ["virtualhost '*:80'(setenv 'a' '1')"]),
]  # fmt: skip
