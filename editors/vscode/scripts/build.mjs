// Makes dist/extension.js: one file with the language client inside, so that the package needs no node_modules.
import { build } from "esbuild";

await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  minify: true,
  external: ["vscode"], // given by the editor
  format: "cjs",
  platform: "node",
  target: "node20", // what VS Code 1.93 runs extensions with
});
