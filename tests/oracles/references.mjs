// What Acorn and es-module-lexer find in a script. Reads one JSON object a line, {path} or {source}, and answers each
// with {goal, acorn, lexer}: lists of [start, end, kind], offsets of octets; null where the parser refuses the text.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parse as parseTree } from "acorn";
import { init, parse as lex } from "es-module-lexer";

const IS_URL = /^(?:\.{0,2}\/|https?:)/i;
const SOURCE_MAP = /^[#@][ \t]*sourceMappingURL=([^\s'"`*]+)\s*$/;
const LENIENT = {
  ecmaVersion: "latest",
  allowReturnOutsideFunction: true,
  allowSuperOutsideMethod: true,
  checkPrivateFields: false,
};

const is = (node, type) => node?.type === type;

const isMeta = (node, property) =>
  is(node, "MemberExpression") &&
  !node.computed &&
  node.property.name === property &&
  is(node.object, "MetaProperty") &&
  node.object.meta.name === "import";

function literal(node) {
  if (is(node, "Literal") && typeof node.value === "string") return node.value;
  return is(node, "TemplateLiteral") && !node.expressions.length ? node.quasis[0].value.cooked : null;
}

// [the node of the URL, its kind] for a node that refers to something
function candidate(node) {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
      return node.source ? [node.source, "import"] : null;
    case "ImportExpression":
      return [node.source, "dynamic import"];
    case "NewExpression":
      return is(node.callee, "Identifier") && node.callee.name === "URL" && isMeta(node.arguments[1], "url")
        ? [node.arguments[0], "new URL"]
        : null;
    case "CallExpression":
      return isMeta(node.callee, "resolve") ? [node.arguments[0], "import.meta.resolve"] : null;
    default:
      return null;
  }
}

function* nodes(root) {
  const waiting = [root];
  while (waiting.length) {
    const node = waiting.pop();
    if (typeof node.type === "string") yield node;
    for (const key in node) {
      const value = node[key];
      if (value && typeof value === "object" && !(value instanceof RegExp)) waiting.push(value);
    }
  }
}

function tree(text, sourceType) {
  const comments = [];
  const program = parseTree(text, { ...LENIENT, sourceType, onComment: comments });
  const found = [];
  for (const node of nodes(program)) {
    const [url, kind] = candidate(node) ?? [];
    const value = literal(url);
    if (value !== null && (kind === "new URL" || IS_URL.test(value))) found.push([url.start + 1, url.end - 1, kind]);
  }
  const maps = comments.filter((comment) => SOURCE_MAP.test(comment.value));
  if (maps.length) {
    const last = maps.at(-1);
    const url = last.value.match(SOURCE_MAP)[1];
    const start = last.start + 2 + last.value.indexOf("=") + 1;
    found.push([start, start + url.length, "source map"]);
  }
  return found;
}

function parsed(text) {
  for (const goal of ["module", "script"]) {
    try {
      return { goal, acorn: tree(text, goal) };
    } catch (error) {
      if (!(error instanceof SyntaxError) && !(error instanceof RangeError)) throw error;
    }
  }
  return { goal: null, acorn: null };
}

function lexed(text) {
  try {
    const found = [];
    for (const { type, specifier, glob, start, end } of lex(text)[0]) {
      if (type === "import-meta" || glob || !specifier || !IS_URL.test(specifier)) continue;
      found.push(type === "dynamic" ? [start + 1, end - 1, "dynamic import"] : [start, end, "import"]);
    }
    return found;
  } catch {
    return null;
  }
}

function inOctets(text, found) {
  if (!found) return found;
  const ascending = [...new Set(found.flatMap(([start, end]) => [start, end]))].sort((a, b) => a - b);
  const octets = new Map();
  let [position, octet] = [0, 0];
  for (const next of ascending) {
    octet += Buffer.byteLength(text.slice(position, next));
    position = next;
    octets.set(next, octet);
  }
  return found.map(([start, end, kind]) => [octets.get(start), octets.get(end), kind]).sort((a, b) => a[0] - b[0]);
}

function answer({ path, source }) {
  let text = source;
  if (path !== undefined) {
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
    } catch {
      return { goal: null, acorn: null, lexer: null };
    }
  }
  const { goal, acorn } = parsed(text);
  return { goal, acorn: inOctets(text, acorn), lexer: inOctets(text, lexed(text)) };
}

await init;
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
