/** Prints name, version and licence text of every package that went into the file that was built. */

import { readFileSync, readdirSync } from "node:fs";

const { outputs } = JSON.parse(readFileSync("meta.json", "utf8"));
const paths = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
const folders = new Set(paths.map((path) => path.match(/^node_modules\/(@[^/]+\/)?[^/]+/)?.[0]).filter(Boolean));

for (const folder of [...folders].sort()) {
  const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  console.log(`${name} ${version}\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`);
}
