// Names a resource's text attributes so that Python can predict the name: see attributes.py.
//
// cdktf returns a new token with its next number for each read. Here the first read of an attribute returns
// "${TfToken[<number of jsii's object>.<attribute>]}" for the same token; later reads are not changed.
"use strict";
const OBJECT = Symbol.for("$__jsii__objid__$");
const TOKEN = /^\$\{TfToken\[(.+)\]\}$/;

module.exports = (resource, attribute, text) => {
  const number = /@(\d+)$/.exec(resource[OBJECT])?.[1];
  const token = TOKEN.exec(text)?.[1];
  const tokens = globalThis.__cdktfTokenMap?.stringTokenMap;
  const name = `${number}.${attribute}`;
  if (!number || !tokens?.has(token) || tokens.has(name)) return text;
  tokens.set(name, tokens.get(token));
  return `\${TfToken[${name}]}`;
};
