#!/usr/bin/env node
// Checks an evidence package of Orderfold. Needs Node 18 or newer and nothing else: read it, then run it in the unpacked folder.
//
//   node verify.mjs [FOLDER] [--public-key KEY] [--checkpoint FILE]... [--json]
//
// KEY is the public key of the log (name+id+base64) as you got it from somewhere else than this package; without it, the key
// in the package is used, and the signature only shows that the package agrees with itself. A FILE is a checkpoint that you kept:
// the package must agree with it. Exit code 0: everything holds; 3: something does not; 2: wrong usage.

import { createHash, createPublicKey, verify } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const leafHash = (record) => sha256(Buffer.of(0), Buffer.from(record));
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);
const bytes = (base64) => Buffer.from(String(base64), 'base64');
const startOfChain = '0'.repeat(64);

// RFC 8785 for the JSON that events are made of.
export function canonicalJson(value) {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name])}`).join(',')}}`;
}

// RFC 9162, section 2.1.3.2.
export function rootFromInclusion(index, size, leaf, proof) {
  let [at, last, found] = [index, size - 1, leaf];
  if (!(index >= 0 && index < size)) return undefined;
  for (const sibling of proof) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      found = nodeHash(sibling, found);
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    } else found = nodeHash(found, sibling);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? found : undefined;
}

// RFC 9162, section 2.1.4.2.
export function isConsistent(from, to, proof) {
  if (from.size > to.size) return false;
  if (from.size === to.size) return proof.length === 0 && from.root.equals(to.root);
  if (from.size === 0) return proof.length === 0;
  const nodes = Number.isInteger(Math.log2(from.size)) ? [from.root, ...proof] : [...proof];
  const first = nodes.shift();
  if (!first) return false;
  let [at, last] = [from.size - 1, to.size - 1];
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  let [older, newer] = [first, first];
  for (const sibling of nodes) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [older, newer] = [nodeHash(sibling, older), nodeHash(sibling, newer)];
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    } else newer = nodeHash(newer, sibling);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && older.equals(from.root) && newer.equals(to.root);
}

// https://c2sp.org/tlog-checkpoint, signed by https://c2sp.org/signed-note with Ed25519. Throws when it is not.
export function openCheckpoint(note, publicKey) {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(publicKey.trim()) ?? [];
  const key = bytes(encoded);
  if (!name || key.length !== 33 || key[0] !== 1) throw new Error('the public key is no Ed25519 key of a signed note');
  const keyId = sha256(`${name}\n`, key).subarray(0, 4);
  if (keyId.toString('hex') !== id) throw new Error('the id of the public key does not belong to it');
  const end = note.lastIndexOf('\n\n');
  const text = note.slice(0, end + 1);
  const [origin, size, root] = text.split('\n');
  if (end < 0 || origin !== name) throw new Error(`the checkpoint is of "${origin}", the key of "${name}"`);
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key.subarray(1)]);
  const verifier = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const signatures = note
    .slice(end + 2)
    .split('\n')
    .filter((line) => line.startsWith(`\u2014 ${name} `));
  const isSigned = signatures.some((line) => {
    const signature = bytes(line.slice(name.length + 3));
    return signature.subarray(0, 4).equals(keyId) && verify(null, Buffer.from(text), verifier, signature.subarray(4));
  });
  if (!isSigned) throw new Error('the checkpoint is not signed by this key');
  if (!/^\d+$/.test(size) || bytes(root).length !== 32) throw new Error('the checkpoint has no size and root');
  return { origin, size: Number(size), root: bytes(root) };
}

/** `files`: name to bytes. Answers every line of what was found; `ok` is whether all of it holds. */
export function checkPackage(files, { publicKey, checkpoints = [] } = {}) {
  const lines = [];
  const say = (ok, text) => lines.push({ ok, text });
  const text = (name) => {
    const content = files.get(name);
    if (!content) throw new Error(`${name} is missing`);
    return content.toString('utf8');
  };
  const attempt = (what, work) => {
    try {
      return work();
    } catch (error) {
      say(false, `${what}: ${error.message}`);
      return undefined;
    }
  };
  attempt('manifest.json', () => checkManifest(files, JSON.parse(text('manifest.json')), say));
  const key = publicKey ?? attempt('public-key.txt', () => text('public-key.txt'));
  const head = key && attempt('checkpoint.txt', () => openCheckpoint(text('checkpoint.txt'), key));
  if (head) {
    const whose = publicKey
      ? 'the public key that you gave'
      : 'the public key in this package: compare it with the one you know';
    say(true, `checkpoint over ${head.size} events of ${head.origin}, signed by ${whose}`);
    attempt('events.ndjson', () => checkEvents(text('events.ndjson'), JSON.parse(text('proofs.json')), head, say));
    const older = attempt('consistency.json', () => JSON.parse(text('consistency.json'))) ?? [];
    attempt('consistency.json', () => checkOlder(older, head, key, say));
    for (const { name, note } of checkpoints)
      attempt(name, () => checkKept(openCheckpoint(note, key), name, older, head, say));
  }
  return { ok: lines.every(({ ok }) => ok), lines };
}

function checkManifest(files, manifest, say) {
  if (manifest.format !== 'orderfold-evidence/1') throw new Error(`unknown format ${manifest.format}`);
  for (const [name, digest] of Object.entries(manifest.files)) {
    const content = files.get(name);
    if (!content) say(false, `${name} is missing`);
    else if (sha256(content).toString('hex') !== digest) say(false, `${name} is not as it was packed`);
  }
  const listed = new Set(['manifest.json', ...Object.keys(manifest.files)]);
  for (const name of files.keys()) if (!listed.has(name)) say(false, `${name} does not belong to the package`);
  say(true, `${listed.size} files, packed ${manifest.madeAt} for order ${manifest.order?.orderId}`);
}

function checkEvents(ndjson, { leaves }, head, say) {
  const ends = new Map();
  const records = ndjson.split('\n').filter((line) => line !== '');
  if (records.length !== leaves.length) throw new Error(`${records.length} events, and ${leaves.length} proofs`);
  let good = 0;
  for (const [at, record] of records.entries()) {
    const faults = faultsOf(record, leaves[at], ends, head);
    for (const fault of faults) say(false, `event ${at + 1}: ${fault}`);
    if (faults.length === 0) good += 1;
  }
  const streams = [...ends].map(([stream, { revision }]) => `${stream} (revisions 0 to ${revision})`);
  say(
    good === records.length && good > 0,
    `${good} of ${records.length} events follow each other and are under the checkpoint: ${streams.join(', ')}`,
  );
}

function faultsOf(record, proof, ends, head) {
  const faults = [];
  let event;
  try {
    event = JSON.parse(record);
  } catch {
    return ['it is no JSON'];
  }
  const { stream, revision, metadata } = event;
  if (canonicalJson(event) !== record) faults.push('it is not in canonical form');
  const end = ends.get(stream) ?? { revision: -1, hash: startOfChain };
  if (revision !== end.revision + 1)
    faults.push(`revision ${revision} of ${stream} comes after revision ${end.revision}`);
  if (metadata?.prevHash !== end.hash)
    faults.push(`revision ${revision} of ${stream} does not follow the one before it`);
  const { prevHash, hash, ...rest } = metadata ?? {};
  const made = sha256(String(prevHash), canonicalJson({ ...event, metadata: rest })).toString('hex');
  if (made !== hash) faults.push(`revision ${revision} of ${stream} is not what its hash was made of`);
  ends.set(stream, { revision, hash });
  const root = rootFromInclusion(proof.index, head.size, leafHash(record), proof.proof.map(bytes));
  if (!root?.equals(head.root)) faults.push(`revision ${revision} of ${stream} is not under the checkpoint`);
  return faults;
}

function checkOlder(older, head, key, say) {
  for (const { note, proof } of older) {
    const from = openCheckpoint(note, key);
    if (!isConsistent(from, head, proof.map(bytes)))
      say(false, `the log under the checkpoint over ${from.size} events was another one`);
  }
  if (older.length > 0) say(true, `${older.length} older checkpoints of the log are beginnings of this one`);
}

function checkKept(kept, name, older, head, say) {
  if (kept.size === head.size) return say(kept.root.equals(head.root), `${name}: over the same ${kept.size} events`);
  const known = older.find(({ note }) => note.split('\n')[1] === String(kept.size));
  if (!known) throw new Error(`the package has no proof from ${kept.size} to ${head.size} events; ask for one`);
  say(
    isConsistent(kept, head, known.proof.map(bytes)),
    `${name}: the ${kept.size} events under it are the first under this checkpoint`,
  );
}

/** Everything in a folder, by its name with slashes. */
export function filesIn(folder) {
  const names = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  const files = names.filter((name) => statSync(name).isFile());
  return new Map(files.map((name) => [relative(folder, name).split(sep).join('/'), readFileSync(name)]));
}

function misused(word) {
  const usage = 'node verify.mjs [FOLDER] [--public-key KEY] [--checkpoint FILE]... [--json]';
  process.stderr.write(`What is ${word}? ${usage}\n`);
  return 2;
}

function main(words) {
  const options = { checkpoints: [] };
  let folder = '.';
  let json = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === '--json') json = true;
    else if (word === '--public-key' && words[at + 1]) options.publicKey = words[++at];
    else if (word === '--checkpoint' && words[at + 1])
      options.checkpoints.push({ name: words[++at], note: readFileSync(words[at], 'utf8') });
    else if (!word.startsWith('-')) folder = word;
    else return misused(word);
  }
  const { ok, lines } = checkPackage(filesIn(resolve(folder)), options);
  if (json) process.stdout.write(`${JSON.stringify({ ok, lines })}\n`);
  else {
    for (const line of lines) process.stdout.write(`${line.ok ? 'ok    ' : 'WRONG '} ${line.text}\n`);
    process.stdout.write(ok ? '\nEverything holds.\n' : '\nThis is not what was recorded, or not all of it.\n');
  }
  return ok ? 0 : 3;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = main(process.argv.slice(2));
