import { Argument, Command } from '@commander-js/extra-typings';
import { isIntact } from '../projections/certificates/certificate.ts';
import { findCertificate, listCertificates } from '../projections/certificates/store.ts';
import { DifferenceFound, UsageError } from './exit.ts';
import { withHouse } from './house.ts';
import { type Output, table } from './output.ts';

/** `orderfold certificates`: what rebuilds proved. */
export function certificatesCommand(output: Output) {
  const certificates = new Command('certificates').description('Certificates of rebuilds: list them, show one');
  certificates.addCommand(listCommand(output)).addCommand(showCommand(output));
  return certificates;
}

function listCommand(output: Output) {
  return new Command('list')
    .description('The newest certificates')
    .option('--projection <name>', 'of one read model only')
    .option('--json', 'answer as JSON')
    .action(async ({ projection, json }) => {
      const found = await withHouse((house) =>
        listCertificates(house.database, { limit: 200, ...(projection !== undefined && { projection }) }),
      );
      const rows = found.map((one) => [
        one.id,
        one.projection,
        one.version,
        one.verdict,
        one.events,
        one.differing,
        one.finishedAt,
      ]);
      output.data(
        json
          ? JSON.stringify(found)
          : table(['certificate', 'projection', 'version', 'verdict', 'events', 'differing rows', 'finished'], rows),
      );
    });
}

function showCommand(output: Output) {
  return new Command('show')
    .description('One certificate as JSON, whole')
    .addArgument(new Argument('<id>', 'as `certificates list` names it'))
    .action(async (id) => {
      const certificate = await withHouse((house) => findCertificate(house.database, id));
      if (!certificate)
        throw new UsageError(`There is no certificate ${id}; \`orderfold certificates list\` names them.`);
      output.data(JSON.stringify(certificate, null, 2));
      if (!isIntact(certificate)) throw new DifferenceFound(`Certificate ${id} is not as it was published.`);
    });
}
