// The same resources, created and synthesised by JavaScript alone: what no Python above jsii can go below.
// node floor.js <engine> <folder of its packages> <output of main.py> <output of its own>
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { createRequire } = require("node:module");

const [engine, packages, made, output] = process.argv.slice(2);
const load = createRequire(path.join(packages, "floor.js"));
const { App, S3Backend, TerraformStack } = load(engine);

const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const AS_THEY_ARE = new Set(["tags", "tags_all", "variables", "provisioner", "lifecycle", "depends_on"]);

// What main.py gives the constructs, from what they wrote.
const given = (value) => {
  if (Array.isArray(value)) return value.map(given);
  if (value === null || typeof value !== "object") return value;
  const own = Object.entries(value).filter(([name]) => name !== "//" && name !== "lifecycle" && name !== "provider");
  return Object.fromEntries(own.map(([name, each]) => [camel(name), AS_THEY_ARE.has(name) ? each : given(each)]));
};

const resource = (type, prefix) => {
  const folder = `${prefix}${type.replace(/^aws_/, "")}`.replaceAll("_", "-");
  const module = load(`@${engine}/provider-aws/lib/${folder}/index.js`);
  return Object.values(module).find((each) => each.tfResourceType === type);
};

const app = new App({ outdir: output });
for (const name of fs.readdirSync(path.join(made, "stacks"))) {
  const content = JSON.parse(fs.readFileSync(path.join(made, "stacks", name, "cdk.tf.json"), "utf8"));
  const stack = new TerraformStack(app, name);
  new S3Backend(stack, { bucket: "state", key: name, region: "eu-central-1" });
  const { AwsProvider } = load(`@${engine}/provider-aws/lib/provider/index.js`);
  new AwsProvider(stack, "aws", { region: "eu-central-1" });
  for (const [block, prefix] of [["resource", ""], ["data", "data-aws-"]]) {
    for (const [type, named] of Object.entries(content[block] ?? {})) {
      const Resource = resource(type, prefix);
      for (const [id, body] of Object.entries(named)) new Resource(stack, id, given(body));
    }
  }
}
app.synth();
