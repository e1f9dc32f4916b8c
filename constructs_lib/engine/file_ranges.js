// Reads parts of a file when they are needed: the kernel of jsii reads the definitions of all types of a
// package, 30 to 45 MB, to use those of some hundred types.
"use strict";
const { openSync, readSync } = require("node:fs"); // before one_node.js replaces readSync

// What is used of a Buffer with the file's content.
module.exports = (file) => {
  const descriptor = openSync(file, "r");
  return {
    toString(encoding, start, end) {
      const part = Buffer.allocUnsafe(end - start);
      const read = readSync(descriptor, part, 0, part.length, start);
      return part.toString(encoding, 0, read);
    },
  };
};
