#!/usr/bin/env node
// Starts the program from the package for this system, which npm installed beside this one.
"use strict";

const { spawn } = require("node:child_process");

const here = `${process.platform}-${process.arch}`;
// npm before version 10 installs the packages for both C libraries.
const musl = process.platform === "linux" && !process.report.getReport().header.glibcVersionRuntime;
const names = musl ? [`@glossator/${here}-musl`] : [`@glossator/${here}`, `@glossator/${here}-musl`];
const file = process.platform === "win32" ? "glossator.exe" : "glossator";

function find() {
  for (const name of names) {
    try {
      return require.resolve(`${name}/bin/${file}`);
    } catch {
      // Not installed.
    }
  }
  return undefined;
}

function fail(message) {
  process.stderr.write(`glossator: ${message}\n`);
  process.exit(2);
}

const program = find();
if (program === undefined) {
  fail(
    `the package ${names[0]} is missing. Install again without --omit=optional; if there is no such package for ` +
      "your system, build the program from its source: cargo install glossator",
  );
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
for (const signal of signals) process.on(signal, () => child.kill(signal));
child.on("error", (why) => fail(`${program} can't be started: ${why.message}`));
child.on("exit", (code, signal) => {
  if (signal === null) process.exit(code);
  // Ends as the program did.
  for (const one of signals) process.removeAllListeners(one);
  process.kill(process.pid, signal);
});
