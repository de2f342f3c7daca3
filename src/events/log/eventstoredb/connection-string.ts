/** The connection string does not say how to reach EventStoreDB. The message never repeats it: it may hold a password. */
export class InvalidConnectionString extends Error {
  override readonly name = 'InvalidConnectionString';
  readonly code = 'invalid-eventstore-url';
  constructor(problem: string) {
    super(`EVENTSTORE_URL ${problem}. Example: esdb://admin:changeit@localhost:2113?tls=true&tlsCAFile=./ca.crt`);
  }
}

const options = new Set(
  [
    'tls',
    'tlsVerifyCert',
    'tlsCAFile',
    'userCertFile',
    'userKeyFile',
    'connectionName',
    'nodePreference',
    'maxDiscoverAttempts',
    'discoveryInterval',
    'gossipTimeout',
    'keepAliveTimeout',
    'keepAliveInterval',
    'defaultDeadline',
    'throwOnAppendFailure',
  ].map(flat),
);

/** Set by the adapter itself: with other values its promises would not hold. */
const ours = new Set(['keepAliveInterval', 'defaultDeadline', 'throwOnAppendFailure', 'tlsVerifyCert'].map(flat));

/** The client reads option names without regard to case, `-` and `_`. */
function flat(name: string): string {
  return name.trim().toLowerCase().replace(/[_-]/g, '');
}

/**
 * Checks a connection string and returns a function that completes it with the settings of one connection. Checked here
 * because the client prints whole connection strings, passwords included, when it meets an option it does not know.
 */
export function parseConnectionString(text: string): (keepAliveInterval: number) => string {
  const [address = '', query, ...rest] = text.trim().split('?');
  if (!/^esdb(\+discover)?:\/\/.+/.test(address))
    throw new InvalidConnectionString('must start with esdb:// and a host');
  if (rest.length > 0) throw new InvalidConnectionString('has more than one "?"; encode it in passwords as %3F');
  const kept: string[] = [];
  for (const pair of query?.split('&').filter(Boolean) ?? []) {
    const [name = '', value = ''] = pair.split('=');
    if (!options.has(flat(name))) throw new InvalidConnectionString(`has an unknown option "${name}"`);
    if (flat(name) === 'tlsverifycert' && value.trim() !== 'true') {
      throw new InvalidConnectionString(
        'asks for tlsVerifyCert=false, which the client cannot do: it always verifies. Give the authority with tlsCAFile, or use tls=false on a trusted network',
      );
    }
    if (!ours.has(flat(name))) kept.push(pair);
  }
  return (keepAliveInterval) =>
    `${address.replace(/\/+$/, '')}?${[...kept, `keepAliveInterval=${keepAliveInterval}`].join('&')}`;
}
