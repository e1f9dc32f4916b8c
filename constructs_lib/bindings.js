// Loads each resource of the AWS bindings when it is first used: preloaded by bindings.py.
"use strict";
const Module = require("node:module");

// The one file that requires some two thousand others, wherever jsii has unpacked it: in its cache there
// are a version and a hash between the package's name and lib.
const INDEX = /[\\/]@cdktf[\\/]provider-aws[\\/](?:[^\\/]+[\\/][^\\/]+[\\/])?lib[\\/]index\.js$/;
const EXPORT = /^exports\.(\w+) = require\(("[^"]+"|'[^']+')\);$/gm;

const compile = Module.prototype._compile;
Module.prototype._compile = function (source, filename, ...rest) {
  if (!INDEX.test(filename)) return compile.call(this, source, filename, ...rest);
  const lazy = source.replace(EXPORT, (_, name, path) =>
    `Object.defineProperty(exports, "${name}", { enumerable: true, configurable: true, get() {` +
    ` const value = require(${path});` +
    ` Object.defineProperty(exports, "${name}", { enumerable: true, value });` +
    ` return value; } });`);
  return compile.call(this, lazy, filename, ...rest);
};
