/** README.txt of every evidence package. */
export const readme = `Evidence about one order, from the event log of Orderfold

  report.txt        what happened, to be read
  events.ndjson     every event as it is recorded: one line of canonical JSON each (RFC 8785)
  documents/        files that belong to the order, if there are any
  proofs.json       for each event, where it is in the Merkle tree over the whole log, and the proof (RFC 9162)
  checkpoint.txt    the signed head of that tree (c2sp.org/tlog-checkpoint)
  consistency.json  older checkpoints, each with the proof that the log only grew since then
  public-key.txt    the public key of the log
  manifest.json     the SHA-256 of every file
  verify.mjs        checks all of it; needs only Node.js (18.17 or newer), and is short enough to be read first

Check it: unpack, and in the folder

  node verify.mjs --public-key KEY --checkpoint FILE

KEY is the public key of the log as you got it from its operator at another time and in another way. FILE is a
checkpoint that you, or somebody you trust, kept. Both can be left out; see below for what is proven then. The exit code is 0 when
everything holds, and 3 when something does not.

What it proves. Every event is in the log, exactly as it is here and at this place, and no event between the first and the
last of a stream is missing. With KEY: whoever holds the signing key said so. With FILE: it was in the log, like this, when that checkpoint
was signed, or the log only grew since then.

What it does not prove. That what was recorded is true. That there are no later events of the order. That the log showed
everybody the same: compare checkpoints with others who keep them. When exactly something was recorded: the times are what the
service said; a checkpoint that you kept since a day proves that everything under it is not younger than that day. report.txt and documents
are covered by manifest.json only, which is not signed.
`;
