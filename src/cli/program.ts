import { Command, CommanderError } from '@commander-js/extra-typings';
import { certificatesCommand } from './certificates.ts';
import { checkpointCommand } from './checkpoint.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { evidenceCommand } from './evidence.ts';
import { exitCode, exitCodeOf } from './exit.ts';
import { type Failure, failureOf } from './failure.ts';
import { explainCommand, historyCommand } from './history.ts';
import { importCommand } from './import.ts';
import { journalCommand } from './journal.ts';
import { keysCommand } from './keys.ts';
import { kpiCommand } from './kpi.ts';
import { masterCommand } from './master.ts';
import { ordersCommand } from './orders.ts';
import { type Output, terminal } from './output.ts';
import { parkedCommand } from './parked.ts';
import { accessCommand, contactsCommand, eraseCommand, subjectCommand } from './persons.ts';
import { proofCommand } from './proof.ts';
import { rebuildCommand } from './rebuild.ts';
import { regressCommand } from './regress.ts';
import { serveCommand } from './serve.ts';
import { verifyCommand } from './verify.ts';
import { watchesCommand } from './watches.ts';

const afterHelp = `
Settings are environment variables: docs/configuration.md.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a difference was found, 130 stopped by the user.`;

/** The whole command line as a value; every command loads what it needs only when it runs. */
export function program(output: Output): Command {
  const root = new Command('orderfold')
    .description('Event-sourced order management: orders, promises, shipments, KPIs.')
    .showSuggestionAfterError()
    .showHelpAfterError('Run `orderfold --help` to see what there is.')
    .addHelpText('after', afterHelp)
    .configureOutput({
      writeOut: (text) => output.data(text.trimEnd()),
      writeErr: (text) => output.words(text.trimEnd()),
    });
  for (const command of [
    serveCommand,
    demoCommand,
    importCommand,
    ordersCommand,
    historyCommand,
    explainCommand,
    contactsCommand,
    subjectCommand,
    eraseCommand,
    accessCommand,
    kpiCommand,
    masterCommand,
    watchesCommand,
    rebuildCommand,
    certificatesCommand,
    regressCommand,
    parkedCommand,
    journalCommand,
    verifyCommand,
    checkpointCommand,
    proofCommand,
    evidenceCommand,
    keysCommand,
    doctorCommand,
  ]) {
    root.addCommand(command(output));
  }
  for (const command of [root, ...root.commands, ...root.commands.flatMap((one) => one.commands)]) {
    command.exitOverride().configureOutput(root.configureOutput());
  }
  return root as Command;
}

/**
 * Runs one command line and answers its exit code; never throws. With `--json` a failure is data too, unless the command
 * has written its answer already.
 */
export async function runCli(words: readonly string[], output: Output = terminal): Promise<number> {
  let answered = false;
  const data = (text: string): void => {
    answered = true;
    output.data(text);
  };
  const fail = ({ code, message }: Failure): void => {
    if (words.includes('--json') && !answered) output.data(JSON.stringify({ error: { code, message } }));
  };
  try {
    await program({ ...output, data }).parseAsync(words, { from: 'user' });
    return exitCode.ok;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCode.ok;
      fail({ code: 'wrong-usage', message: error.message.replace(/^error: /, '') });
      return exitCode.usage;
    }
    const failure = failureOf(error);
    output.words(`orderfold: ${failure.stack ?? failure.message}`);
    fail(failure);
    return exitCodeOf(error);
  }
}
