// Runs jsii's kernel in the Node that Python started: bindings.js puts it in place of jsii's launcher.
//
// The launcher starts a second Node and hands every message on, both ways, only to mark as such what
// JavaScript prints. Here the kernel finds its messages, which it looks for at descriptor 3, where
// Python writes and reads them; and what JavaScript prints is marked as the launcher would mark it.
"use strict";
const fs = require("node:fs");

const MESSAGES = 3;
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;

// The kernel looks here for whether it may link packages rather than copy them; NODE_OPTIONS says it.
process.execArgv.push("--preserve-symlinks");

const { readSync, writeSync } = fs;
fs.readSync = (descriptor, ...rest) => readSync(descriptor === MESSAGES ? STDIN : descriptor, ...rest);
fs.writeSync = (descriptor, ...rest) => writeSync(descriptor === MESSAGES ? STDOUT : descriptor, ...rest);

for (const name of ["stdout", "stderr"]) {
  process[name].write = (text, encoding, done) => {
    const printed = Buffer.from(text, typeof encoding === "string" ? encoding : "utf8").toString("base64");
    writeSync(STDERR, `${JSON.stringify({ [name]: printed })}\n`);
    const finished = typeof encoding === "function" ? encoding : done;
    if (finished) finished();
    return true;
  };
}
