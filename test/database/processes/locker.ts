/** Tries to lock the directory given, says whether it could, and holds the lock until its standard input closes. */
import { lockDirectory } from '../../../src/database/embedded/lock.ts';

const [directory = ''] = process.argv.slice(2);
process.stdin.resume();
process.stdin.once('data', () => {
  try {
    lockDirectory(directory);
    console.log('locked');
  } catch (error) {
    console.log(error instanceof Error ? error.message : String(error));
  }
});
console.log('ready');
