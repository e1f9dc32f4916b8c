// Loads rarely used JavaScript only when it is first used: preloaded by bindings.py and pipelined.py.
"use strict";
const fs = require("node:fs");
const Module = require("node:module");

const FILE_RANGES = require.resolve("./file_ranges.js");
require(FILE_RANGES);
const DIGESTS = require.resolve("./digests.js");
const ATTRIBUTE_NAMES = require.resolve("./attribute_names.js");

// Each rule matches one file of one package, wherever jsii has unpacked it (in its cache a version and a
// hash are between the package and lib), and rewrites its requires so that they happen on first use.
const RULES = [
  {
    // The index of the AWS bindings requires about two thousand files; cdktn's wraps each of them.
    file: /[\\/]@cdkt[fn][\\/]provider-aws[\\/](?:\d[^\\/]*[\\/][0-9a-f]+[\\/])?lib[\\/]index\.js$/,
    eager: /^exports\.(\w+) = (require\((?:"[^"]+"|'[^']+')\)|__importStar\(require\("[^"]+"\)\));$/gm,
    lazy: (_, name, required) =>
      `Object.defineProperty(exports, "${name}", { enumerable: true, configurable: true, get() {` +
      ` const value = ${required};` +
      ` Object.defineProperty(exports, "${name}", { enumerable: true, value });` +
      ` return value; } });`,
  },
  {
    // cdktf's zip library is only needed for assets that are archives.
    file: /[\\/]cdktf[\\/](?:\d[^\\/]*[\\/][0-9a-f]+[\\/])?lib[\\/]private[\\/]fs\.js$/,
    eager: /^const archiver = require\("archiver"\);$/m,
    lazy: () => 'const archiver = (...given) => require("archiver")(...given);',
  },
  {
    // cdktf stores a JavaScript stack trace for each token, which does not show the Python code.
    file: /[\\/]cdkt[fn][\\/](?:\d[^\\/]*[\\/][0-9a-f]+[\\/])?lib[\\/]tokens[\\/]private[\\/]stack-trace\.js$/,
    eager: /^ *Error\.captureStackTrace\(object, below\);$/m,
    lazy: () => "",
  },
  {
    // Python predicts the names of text attributes, and so does not wait for each read.
    file: /[\\/]cdkt[fn][\\/](?:\d[^\\/]*[\\/][0-9a-f]+[\\/])?lib[\\/]terraform-(?:resource|data-source)\.js$/,
    eager: /(?<=^ *getStringAttribute\(terraformAttribute\) \{\n *return )(.*)(?=;$)/m,
    lazy: (text) => `require(${JSON.stringify(ATTRIBUTE_NAMES)})(this, terraformAttribute, ${text})`,
  },
  {
    // jsii's kernel reads each package's archive to check whether it is unpacked: 34 MB in chunks of 16 kB.
    file: /[\\/]lib[\\/]program\.js$/,
    eager: /\bBuffer\.alloc\(16384\)/,
    lazy: () => "Buffer.allocUnsafe(1 << 18)",
  },
  {
    // It does so in every synthesis: the result is remembered.
    file: /[\\/]lib[\\/]program\.js$/,
    eager: /(?<=function digestFile\((\w+),\.\.\.(\w+)\)\{)return (\w+\(\1,\(\)=>\{\},\.\.\.\2\))(?=\})/,
    lazy: (_, archive, comments, digest) =>
      `return require(${JSON.stringify(DIGESTS)})(${archive},${comments},()=>${digest})`,
  },
  {
    // It also reads the definitions of all types of a package to use some.
    file: /[\\/]lib[\\/]program\.js$/,
    eager: /\(0,\w+\.readFileSync\)(?=\(\w+\(this,\w+,"f"\)\),"f"\),\w+=\w+\(this,\w+,"f"\)\.readUInt32LE\()/,
    lazy: () => `require(${JSON.stringify(FILE_RANGES)})`,
  },
];

// Two thirds of the packages' source text are inline source maps, for debuggers.
const SOURCE_MAP = "//# sourceMappingURL=data:";

// No app uses half of all resources: so many files are loaded only if the rule does not match the index.
const OF_THE_BINDINGS = /[\\/]@cdkt[fn][\\/]provider-aws[\\/]/;
const TOO_MANY = 1000;
let loaded = 0;

const warnIfTooMany = (filename) => {
  if (!OF_THE_BINDINGS.test(filename) || ++loaded !== TOO_MANY) return;
  process.stderr.write(
    "warning: constructs_lib/engine/bindings.js does not support the index of these AWS bindings, so all of them" +
      " were loaded. The output is the same, but each synthesis takes about 3 seconds and 300 MB more." +
      " Install cdktf-cdktf-provider-aws 20.1.0, or cdktn-provider-aws 25.8.1, or adapt bindings.js to this version.\n",
  );
};

// jsii links each package into a new temporary folder. Node's compile cache uses file names, so
// each file gets the name of its real location.
const LINKED = /^(.*[\\/]jsii-kernel-[^\\/]+[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)([\\/].*)$/;
const unpacked = new Map();

const whereItIs = (filename) => {
  const [, folder, file] = LINKED.exec(filename) ?? [];
  if (!folder) return filename;
  if (!unpacked.has(folder)) unpacked.set(folder, fs.realpathSync(folder));
  return unpacked.get(folder) + file;
};

const compile = Module.prototype._compile;
Module.prototype._compile = function (source, linked, ...rest) {
  const filename = whereItIs(linked);
  warnIfTooMany(filename);
  const rewritten = RULES.filter((rule) => rule.file.test(filename)).reduce(
    (text, rule) => text.replace(rule.eager, rule.lazy),
    source,
  );
  const map = rewritten.lastIndexOf(SOURCE_MAP);
  return compile.call(this, map < 0 ? rewritten : rewritten.slice(0, map), filename, ...rest);
};
