// Counts, when Node ends, how many resources of the AWS bindings were loaded: for test_bindings.py.
"use strict";
process.on("exit", () => {
  const resource = /@cdkt[fn][\\/]provider-aws[\\/].*lib[\\/][^\\/]+[\\/]index\.js$/;
  const loaded = Object.keys(require.cache).filter((file) => resource.test(file));
  if (Object.keys(require.cache).some((file) => file.includes("provider-aws")))
    process.stderr.write(`bindings loaded: ${loaded.length}\n`);
});
