import { keepHeapSmall } from './cli/heap.ts';
import { runCli } from './cli/program.ts';

keepHeapSmall();
process.exitCode = await runCli(process.argv.slice(2));
