// Runs jsii's kernel in the Node that Python started: preloaded by pipelined.py, beside bindings.js.
//
// jsii's launcher starts a second Node process and passes on every message, only to mark the output
// of JavaScript. Here the kernel, which uses descriptor 3 for its messages, reads and writes them where
// Python writes and reads them, and the output of JavaScript is marked as the launcher would mark it.
// An unknown launcher or kernel is not changed.
"use strict";
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");

const LAUNCHER = /[\\/]bin[\\/]jsii-runtime\.js$/;
// The descriptors that the launcher passes, and those that the kernel uses, in jsii 1.142.
const KNOWN_LAUNCHER = /stdio:\s*\["ignore",\s*"pipe",\s*"pipe",\s*"pipe"\]/;
const KNOWN_KERNEL = /readFD:\s*3,\s*writeFD:\s*3\b/;

const DIFFERENT =
  "warning: constructs_lib/engine/one_node.js does not support this launcher or kernel of jsii, so a second Node is started." +
  " The output is the same, but each synthesis takes about a tenth of a second and 10 MB more." +
  " Install jsii 1.142.0, or adapt one_node.js to this version.\n";

const MESSAGES = 3;
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;

const { readSync, writeSync } = fs;

const print = (name, text) => writeSync(STDERR, `${JSON.stringify({ [name]: text.toString("base64") })}\n`);

const isKnown = (launcher, program) =>
  KNOWN_LAUNCHER.test(launcher) && fs.existsSync(program) && KNOWN_KERNEL.test(fs.readFileSync(program, "utf8"));

const takeTheLaunchersPlace = () => {
  // The kernel checks this to decide whether to link packages instead of copying them; NODE_OPTIONS sets it.
  process.execArgv.push("--preserve-symlinks");
  fs.readSync = (descriptor, ...rest) => readSync(descriptor === MESSAGES ? STDIN : descriptor, ...rest);
  fs.writeSync = (descriptor, ...rest) => writeSync(descriptor === MESSAGES ? STDOUT : descriptor, ...rest);
  for (const name of ["stdout", "stderr"]) {
    process[name].write = (text, encoding, done) => {
      print(name, Buffer.from(text, typeof encoding === "string" ? encoding : "utf8"));
      const finished = typeof encoding === "function" ? encoding : done;
      if (finished) finished();
      return true;
    };
  }
};

const compile = Module.prototype._compile;
Module.prototype._compile = function (source, filename, ...rest) {
  if (!LAUNCHER.test(filename)) return compile.call(this, source, filename, ...rest);
  const program = path.join(path.dirname(filename), "..", "lib", "program.js");
  if (!isKnown(source, program)) {
    print("stderr", Buffer.from(DIFFERENT));
    return compile.call(this, source, filename, ...rest);
  }
  takeTheLaunchersPlace();
  return compile.call(this, `require(${JSON.stringify(program)});`, filename, ...rest);
};
