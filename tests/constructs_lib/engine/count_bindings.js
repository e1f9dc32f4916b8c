// Counts, when Node ends, how many resources of the AWS bindings were loaded, and how many of jsii's files
// of definitions were read whole: for test_bindings.py.
"use strict";
const fs = require("node:fs");

const { readFileSync } = fs;
let read = 0;
fs.readFileSync = (file, ...options) => {
  if (/runtime-defs/.test(file)) read += 1;
  return readFileSync(file, ...options);
};

process.on("exit", () => {
  const resource = /@cdkt[fn][\\/]provider-aws[\\/].*lib[\\/][^\\/]+[\\/]index\.js$/;
  const loaded = Object.keys(require.cache).filter((file) => resource.test(file));
  if (Object.keys(require.cache).some((file) => file.includes("provider-aws")))
    process.stderr.write(`bindings loaded: ${loaded.length}\nfiles of definitions read: ${read}\n`);
});
