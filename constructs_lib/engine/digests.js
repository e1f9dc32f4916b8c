// Remembers the digests of packages' archives: jsii reads 34 MB in each synthesis to find what it has unpacked.
//
// A digest is kept beside Node's compiled code, under a name that changes with the archive's path, size, inode
// and times. Without a folder for compiled code the archive is read, as jsii does.
"use strict";
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const SHA256 = /^[0-9a-f]{64}$/;

const nameOf = (archive, comments) => {
  const { size, ino, mtimeNs, ctimeNs } = fs.statSync(archive, { bigint: true });
  const all = [archive, size, ino, mtimeNs, ctimeNs, ...comments].join("\0");
  return `${createHash("sha256").update(all).digest("hex")}.digest`;
};

const known = (file) => {
  try {
    const digest = fs.readFileSync(file, "utf8");
    return SHA256.test(digest) ? Buffer.from(digest, "hex") : undefined;
  } catch {
    return undefined;
  }
};

const remember = (file, digest) => {
  const unfinished = `${file}.${process.pid}`;
  try {
    fs.writeFileSync(unfinished, digest.toString("hex"));
    fs.renameSync(unfinished, file);
  } catch {
    // The next synthesis reads the archive too.
  }
};

module.exports = (archive, comments, digestOf) => {
  const { NODE_COMPILE_CACHE: folder, NODE_DISABLE_COMPILE_CACHE: disabled } = process.env;
  if (!folder || disabled) return digestOf();
  const file = path.join(folder, nameOf(archive, comments));
  let digest = known(file);
  if (!digest) remember(file, (digest = digestOf()));
  return digest;
};
