// Give a running service a job and watch it: node detect.mjs FILE... (Node 20 or newer)
import { readFile } from "node:fs/promises";
import { argv, env, exit } from "node:process";

const URL_ = env.NEURAL_LAB_URL ?? "http://127.0.0.1:8000";
const headers = { "Content-Type": "application/json" };
if (env.NEURAL_LAB_KEY) headers.Authorization = `Bearer ${env.NEURAL_LAB_KEY}`;

// Errors are problem details, whose `detail` says what to do.
async function ask(path, options = {}) {
  const answer = await fetch(`${URL_}${path}`, { headers, ...options });
  if (answer.ok) return answer;
  console.error(`${path}: ${(await answer.json()).detail}`);
  exit(1);
}

const names = argv.slice(2);
const texts = await Promise.all(names.map((name) => readFile(name, "utf8")));
const body = JSON.stringify({ documents: texts.map((text) => ({ text })), keep: false });
const { id, total } = await (await ask("/v1/jobs", { method: "POST", body })).json();

// Server-sent events end when the job does.
const stream = (await ask(`/v1/jobs/${id}/events`)).body.pipeThrough(new TextDecoderStream());
let rest = "";
for await (const piece of stream) {
  const lines = (rest + piece).split("\n");
  rest = lines.pop();
  for (const line of lines.filter((each) => each.startsWith("data: "))) {
    console.error(`${JSON.parse(line.slice(6)).done} of ${total || texts.length}`);
  }
}

const { state, message, result } = await (await ask(`/v1/jobs/${id}`)).json();
if (state !== "done") {
  console.error(`${state} ${message}`);
  exit(1);
}
for (const { index, verdict, probability } of result.documents) {
  console.log(`${names[index]}: ${verdict} (${probability.toFixed(3)})`);
}
for (const { index, message: why } of result.errors) console.error(`${names[index]}: ${why}`);
