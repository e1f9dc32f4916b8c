// Gives the index of the AWS bindings another shape, as another version could: for test_other_jsii.py.
"use strict";
const fs = require("node:fs");

const INDEX = /[\\/]provider-aws[\\/](\d[^\\/]*[\\/][0-9a-f]+[\\/])?lib[\\/]index\.js$/;

const { readFileSync } = fs;
fs.readFileSync = (file, ...rest) => {
  const content = readFileSync(file, ...rest);
  if (typeof content !== "string" || !INDEX.test(file)) return content;
  return content.replace(/^(exports\.\w+ = )(require\(.*\));$/gm, "$1($2);");
};
