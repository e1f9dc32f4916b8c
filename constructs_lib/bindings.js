// Loads what synthesis may never need when it is first used: preloaded by bindings.py.
"use strict";
const Module = require("node:module");
const path = require("node:path");

// Each rule names one file of one package, wherever jsii has unpacked it (in its cache a version and a
// hash stand between the package and lib), and rewrites its requires so that they happen on first use.
const RULES = [
  {
    // The index of the AWS bindings requires some two thousand files.
    file: /[\\/]@cdktf[\\/]provider-aws[\\/](?:\d[^\\/]*[\\/][0-9a-f]+[\\/])?lib[\\/]index\.js$/,
    eager: /^exports\.(\w+) = require\(("[^"]+"|'[^']+')\);$/gm,
    lazy: (_, name, file) =>
      `Object.defineProperty(exports, "${name}", { enumerable: true, configurable: true, get() {` +
      ` const value = require(${file});` +
      ` Object.defineProperty(exports, "${name}", { enumerable: true, value });` +
      ` return value; } });`,
  },
  {
    // cdktf's library for zips is only for assets that are archives.
    file: /[\\/]cdktf[\\/](?:\d[^\\/]*[\\/][0-9a-f]+[\\/])?lib[\\/]private[\\/]fs\.js$/,
    eager: /^const archiver = require\("archiver"\);$/m,
    lazy: () => 'const archiver = (...given) => require("archiver")(...given);',
  },
  {
    // jsii's launcher would start the kernel in another Node: see one_node.js.
    file: /[\\/]bin[\\/]jsii-runtime\.js$/,
    eager: /^[^]*$/,
    lazy: () => `require(${JSON.stringify(path.join(__dirname, "one_node.js"))}); require("../lib/program.js");`,
  },
];

// Two thirds of the packages' text are source maps within it, for debuggers.
const SOURCE_MAP = "//# sourceMappingURL=data:";

const compile = Module.prototype._compile;
Module.prototype._compile = function (source, filename, ...rest) {
  const rule = RULES.find((each) => each.file.test(filename));
  const rewritten = rule ? source.replace(rule.eager, rule.lazy) : source;
  const map = rewritten.lastIndexOf(SOURCE_MAP);
  return compile.call(this, map < 0 ? rewritten : rewritten.slice(0, map), filename, ...rest);
};
