// The language server: started, stopped, started again, asked. It must not know what a citation is: all answers come
// from the server.

import {
  commands,
  type Disposable,
  env,
  EventEmitter,
  type ExtensionContext,
  type LogOutputChannel,
  Uri,
  window,
  workspace,
} from "vscode";
import {
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  State,
  type StaticFeature,
} from "vscode-languageclient/node";
import { findProgram, SETTING } from "./program";
import { serverSettings } from "./settings";

const INSTALL_URL = "https://docs.rs/glossator";

/** What is sent to the server: briefs, and the files that are read as sources and libraries. It answers with nothing
 * for those that are neither. */
const DOCUMENTS = [
  { scheme: "file", language: "markdown" },
  { scheme: "untitled", language: "markdown" },
  { scheme: "file", language: "quarto" },
  { scheme: "file", language: "rmd" },
  { scheme: "file", pattern: "**/*.{qmd,Rmd,rmd}" },
  { scheme: "file", language: "plaintext" },
  { scheme: "file", pattern: "**/*.bib" },
  { scheme: "file", pattern: "**/{library,references,bibliography}.{json,yaml,yml,ris}" },
  { scheme: "file", pattern: "**/glossator.toml" },
];

/** Tells the server that its own types of tokens have colours here (package.json gives them). */
const OWN_TOKENS: StaticFeature = {
  fillClientCapabilities: ({ textDocument }) => {
    textDocument?.semanticTokens?.tokenTypes.push("citation", "locator", "quotation");
  },
  initialize: () => {},
  getState: () => ({ kind: "static" }),
  clear: () => {},
};

export type Health = "stopped" | "starting" | "reading" | "running";

export class Server implements Disposable {
  private client: LanguageClient | undefined;
  // Starts and stops run one after the other: two quick restarts must not leave two servers.
  private queue: Promise<void> = Promise.resolve();
  private wanted = false;
  private reading = new Set<string | number>();
  private readonly changed = new EventEmitter<void>();
  /** The server's health may be another. */
  readonly onDidChange = this.changed.event;
  private readonly asked = new EventEmitter<void>();
  /** Findings are asked for: a brief was changed, or the server has read something and wants them to be asked for. */
  readonly onDidAskForFindings = this.asked.event;
  readonly log: LogOutputChannel = window.createOutputChannel("Glossator", { log: true });

  constructor(private readonly context: ExtensionContext) {}

  get health(): Health {
    if (this.client?.state === State.Starting) return "starting";
    if (this.client?.state !== State.Running) return "stopped";
    return this.reading.size > 0 ? "reading" : "running";
  }

  /** Whether somebody wanted it to run, even when it does not. */
  get isWanted(): boolean {
    return this.wanted;
  }

  start(): Promise<void> {
    this.wanted = true;
    return this.inTurn(() => this.startNow());
  }

  stop(): Promise<void> {
    this.wanted = false;
    return this.inTurn(() => this.stopNow());
  }

  /** Starts it unless it runs; for commands, which may come first. Says why if it can't. */
  async running(): Promise<boolean> {
    await this.queue;
    if (this.health === "stopped") await this.start();
    return this.health !== "stopped";
  }

  /** Asks the server to do `command`; `undefined` when it does not run or refuses, which is then said in the log. */
  async ask<T>(command: string, argument: object): Promise<T | undefined> {
    const client = this.client;
    if (client?.state !== State.Running) return undefined;
    try {
      const answer: T | null = await client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [argument] });
      return answer ?? undefined;
    } catch (error) {
      this.log.warn(`${command}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  /** The client, for requests of the protocol itself. */
  get protocol(): LanguageClient | undefined {
    return this.client?.state === State.Running ? this.client : undefined;
  }

  dispose(): void {
    this.changed.dispose();
    this.asked.dispose();
    this.log.dispose();
  }

  private inTurn(step: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(step, step);
    return this.queue;
  }

  private async stopNow(): Promise<void> {
    const old = this.client;
    this.client = undefined;
    this.reading.clear();
    try {
      await old?.dispose();
    } catch {
      // A server that has died already cannot answer `shutdown`; there is nothing left to stop.
    }
    this.changed.fire();
  }

  private async startNow(): Promise<void> {
    await this.stopNow();
    const program = await findProgram(this.context.extensionUri);
    if ("problem" in program) {
      void this.complain(program.problem);
      return;
    }
    this.log.info(`Server: ${program.command} (from the ${program.origin})`);
    const client = this.clientOf(program.command);
    this.client = client;
    client.onDidChangeState(() => this.changed.fire());
    try {
      await client.start();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      void this.complain(`"${program.command}" did not start: ${reason}`);
    }
  }

  private clientOf(command: string): LanguageClient {
    const server: ServerOptions = { command, args: ["serve"] };
    const options: LanguageClientOptions = {
      documentSelector: DOCUMENTS,
      outputChannel: this.log,
      middleware: {
        workspace: {
          configuration: async (params, token, next) => {
            const answers = await next(params, token);
            if (!Array.isArray(answers)) return answers;
            return answers.map((answer: unknown, index) => {
              const item = params.items[index];
              if (item?.section !== "glossator") return answer;
              const scope = item.scopeUri === undefined ? undefined : Uri.parse(item.scopeUri);
              return serverSettings(this.context.extension.id, scope ?? workspace.workspaceFolders?.[0]?.uri);
            });
          },
        },
        provideDiagnostics: (document, previous, token, next) => {
          this.asked.fire();
          return next(document, previous, token);
        },
        handleWorkDoneProgress: (token, params, next) => {
          if (params.kind === "begin") this.reading.add(token);
          if (params.kind === "end") this.reading.delete(token);
          this.changed.fire();
          next(token, params);
        },
      },
    };
    const client = new LanguageClient("glossator", "Glossator", server, options);
    client.registerFeature(OWN_TOKENS);
    return client;
  }

  private async complain(problem: string): Promise<void> {
    this.log.error(problem);
    const settings = "Open Settings";
    const help = "How to Install";
    const log = "Show Log";
    const chosen = await window.showErrorMessage(`Glossator: ${problem}`, settings, help, log);
    if (chosen === settings) await commands.executeCommand("workbench.action.openSettings", SETTING);
    if (chosen === help) await env.openExternal(Uri.parse(INSTALL_URL));
    if (chosen === log) this.log.show();
  }
}
