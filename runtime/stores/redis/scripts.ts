/**
 * What is done inside Redis, where it is done as a whole or, refused at its first write, not at all. Every script may be sent twice.
 * Each is handed the keys of one journal, in the order of `keysOf()`; the keys and their fields are told of in `layout.ts`.
 */
import { createHash } from "node:crypto";
import type { Client } from "./client.js";
import { layoutVersion } from "./layout.js";

export interface Script {
  readonly text: string;
  readonly sha: string;
}

/** Records that are deleted at one commit at most, so that none takes long. */
const sweptMax = 256;

const shared = `
local meta, log, runs, ids, ends = unpack(KEYS)

local function nowMs()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function fields(...)
  local names, values = {...}, redis.call('HMGET', meta, ...)
  local found = {}
  for i, name in ipairs(names) do found[name] = values[i] or nil end
  return found
end

-- The key that does not hold what it must, if any.
local function lostKey()
  local of = fields('next', 'swept', 'runs', 'ends')
  if redis.call('HLEN', log) ~= of.next - of.swept then return log end
  if redis.call('HLEN', runs) ~= tonumber(of.runs) then return runs end
  if redis.call('ZCARD', ids) ~= tonumber(of.runs) then return ids end
  if redis.call('HLEN', ends) ~= tonumber(of.ends) then return ends end
  return nil
end

-- Of all that must not change but by a script.
local function headSum()
  local values = redis.call('HMGET', meta, 'version', 'fence', 'first', 'swept', 'next', 'runs', 'ends')
  for i, value in ipairs(values) do values[i] = value or '' end
  return redis.sha1hex(table.concat(values, ' '))
end

-- Why what the owner with this fence and id sends is not done, if so.
local function refusal(fence, owner)
  local of = fields('fence', 'owner', 'ownerIs')
  if not of.fence or tonumber(of.fence) < tonumber(fence) then return {'rolled back', of.fence or 'nothing'} end
  if tonumber(of.fence) > tonumber(fence) or of.owner ~= owner then return {'fenced', of.ownerIs or ''} end
  return nil
end
`;

function script(text: string): Script {
  const whole = `${shared}${text}`;
  return { text: whole, sha: createHash("sha1").update(whole).digest("hex") };
}

/**
 * Who has the journal, or why that cannot be said.
 *
 * ARGV: nothing. Answers `none`, `lost` KEY, `newer` VERSION, or `found` OWNER OWNER-IS MS-LEFT
 */
export const peekScript = script(`
local of = fields('version', 'owner', 'ownerIs', 'lease')
if not of.version then
  if redis.call('EXISTS', log, runs, ids, ends) > 0 then return {'lost', meta} end
  return {'none'}
end
if (tonumber(of.version) or math.huge) > ${layoutVersion} then return {'newer', of.version} end
return {'found', of.owner or '', of.ownerIs or '', of.owner and of.lease - nowMs() or 0}
`);

/**
 * Makes somebody the owner.
 *
 * ARGV: owner, what it is, lease in ms, id of an owner that is known to be dead or nothing.
 * Answers `lost` KEY, `damaged` KEY, `newer` VERSION, `busy` OWNER OWNER-IS LEASE-END MS-LEFT, or `taken` FENCE WAS-CLOSED FIRST NEXT
 */
export const openScript = script(`
local owner, ownerIs, leaseMs, dead = unpack(ARGV)
local of = fields('version', 'fence', 'owner', 'ownerIs', 'lease', 'open', 'sum')
local now = nowMs()
if not of.version then
  if redis.call('EXISTS', log, runs, ids, ends) > 0 then return {'lost', meta} end
  redis.call('HSET', meta, 'version', ${layoutVersion}, 'first', 1, 'swept', 1, 'next', 1, 'runs', 0, 'ends', 0)
  of.fence = 0
elseif (tonumber(of.version) or math.huge) > ${layoutVersion} then
  return {'newer', of.version}
elseif of.sum ~= headSum() then
  return {'damaged', meta}
end
local lost = lostKey()
if lost then return {'lost', lost} end
if of.owner ~= owner then
  if of.owner and of.owner ~= dead and tonumber(of.lease) > now then
    -- Nobody is given more: the server's clock has been set back since.
    if of.lease - now > tonumber(leaseMs) then
      of.lease = now + leaseMs
      redis.call('HSET', meta, 'lease', of.lease)
    end
    return {'busy', of.owner, of.ownerIs, of.lease, of.lease - now}
  end
  redis.call('HSET', meta, 'fence', of.fence + 1, 'owner', owner, 'ownerIs', ownerIs, 'wasClosed', of.open and 0 or 1, 'open', 1)
end
redis.call('HSET', meta, 'lease', now + leaseMs, 'sum', headSum())
of = fields('fence', 'wasClosed', 'first', 'next')
return {'taken', of.fence, of.wasClosed, of.first, of.next}
`);

/**
 * Writes a commit, and makes the lease longer.
 *
 * ARGV: fence, owner, lease in ms, position, position to cut before or 0, record, how many runs are forgotten, how many entries are
 * written, then the ids that are forgotten, ID ENTRY for each entry, ID END for each end; they are done in this order.
 * Answers `done`, `same` (the position had been written), `fenced` OWNER-IS, `rolled back` NEXT, `conflict` NEXT, `lost` KEY
 */
export const commitScript = script(`
local fence, owner, leaseMs, position, cut, record, forgottenCount, entryCount = unpack(ARGV, 1, 8)
local refused = refusal(fence, owner)
if refused then return refused end
local of = fields('next', 'first', 'swept', 'runs', 'ends')
position = tonumber(position)
local ahead = position - of.next
if ahead > 0 then return {'rolled back', of.next} end
if ahead < 0 then
  if ahead < -1 then return {'conflict', of.next} end
  -- A write also here: WAIT counts the replicas that have the last write of its own connection.
  redis.call('HSET', meta, 'lease', nowMs() + leaseMs)
  return {'same'}
end
local lost = lostKey()
if lost then return {'lost', lost} end

redis.call('HSET', log, position, record)
-- Hands values to a command, not more at once than the stack takes. Answers the sum of its answers.
local function pass(command, key, from, count)
  local sum, last = 0, from + count - 1
  for at = from, last, 1000 do
    sum = sum + redis.call(command, key, unpack(ARGV, at, math.min(at + 999, last)))
  end
  return sum
end

local forgottenAt = 9
local entriesAt = forgottenAt + forgottenCount
local endsAt = entriesAt + 2 * entryCount
local runCount = of.runs - pass('HDEL', runs, forgottenAt, forgottenCount)
pass('ZREM', ids, forgottenAt, forgottenCount)
local endCount = of.ends - pass('HDEL', ends, forgottenAt, forgottenCount)
local added = pass('HSET', runs, entriesAt, 2 * entryCount)
if added > 0 then
  local scored = {}
  for at = entriesAt, endsAt - 1, 2 do
    scored[#scored + 1] = 0
    scored[#scored + 1] = ARGV[at]
    if #scored == 1000 or at == endsAt - 2 then
      redis.call('ZADD', ids, unpack(scored))
      scored = {}
    end
  end
end
runCount = runCount + added
endCount = endCount + pass('HSET', ends, endsAt, #ARGV - endsAt + 1)
local first = math.max(of.first, cut)
local swept = math.min(first, of.swept + ${sweptMax})
if swept > tonumber(of.swept) then
  local old = {}
  for at = of.swept, swept - 1 do old[#old + 1] = at end
  redis.call('HDEL', log, unpack(old))
end
redis.call('HSET', meta, 'next', position + 1, 'first', first, 'swept', swept, 'runs', runCount, 'ends', endCount,
  'lease', nowMs() + leaseMs)
redis.call('HSET', meta, 'sum', headSum())
return {'done'}
`);

/**
 * Makes the lease longer.
 *
 * ARGV: fence, owner, lease in ms, position behind all that was acknowledged. Answers `done`, `fenced` OWNER-IS, `rolled back` FOUND
 */
export const renewScript = script(`
local fence, owner, leaseMs, acknowledged = unpack(ARGV)
local refused = refusal(fence, owner)
if refused then return refused end
local of = fields('next')
if tonumber(of.next) < tonumber(acknowledged) then return {'rolled back', of.next} end
redis.call('HSET', meta, 'lease', nowMs() + leaseMs)
return {'done'}
`);

/**
 * Gives the journal back. It only deletes: a server that is full allows that.
 *
 * ARGV: fence, owner, 1 when it was given back in order. Answers `done`, `fenced` OWNER-IS, `rolled back` FOUND
 */
export const releaseScript = script(`
local fence, owner, inOrder = unpack(ARGV)
local refused = refusal(fence, owner)
if refused then return refused end
if inOrder == '1' then redis.call('HDEL', meta, 'open') end
redis.call('HDEL', meta, 'owner', 'ownerIs', 'lease')
return {'done'}
`);

/** ARGV: `runs` or `ends`, id. Answers `found` VALUE, `none`, or `lost` KEY */
export const readScript = script(`
local part, id = unpack(ARGV)
local key = part == 'runs' and runs or ends
local value = redis.call('HGET', key, id)
if value then return {'found', value} end
if redis.call('HLEN', key) ~= tonumber(fields(part)[part]) then return {'lost', key} end
return {'none'}
`);

/** ARGV: `-` or `(` and the id to begin behind, how many. Answers `found` ID ENTRY ID ENTRY …, or `lost` KEY */
export const listScript = script(`
local from, limit = unpack(ARGV)
local of = fields('runs')
if redis.call('ZCARD', ids) ~= tonumber(of.runs) then return {'lost', ids} end
local found = redis.call('ZRANGEBYLEX', ids, from, '+', 'LIMIT', 0, limit)
local answer = {'found'}
for _, id in ipairs(found) do
  local entry = redis.call('HGET', runs, id)
  if not entry then return {'lost', runs} end
  answer[#answer + 1] = id
  answer[#answer + 1] = entry
end
return answer
`);

export type ScriptArgument = string | number | Buffer;

/** Runs a script; its text is sent only to a server that does not know it yet. */
export async function runScript(
  client: Client,
  { sha, text }: Script,
  keys: readonly string[],
  values: readonly ScriptArgument[],
): Promise<readonly (Buffer | number)[]> {
  const rest = [keys.length, ...keys, ...values];
  try {
    return (await client.callBuffer("evalsha", [sha, ...rest])) as (Buffer | number)[];
  } catch (error) {
    if (!isUnknownScript(error)) throw error;
    return (await client.callBuffer("eval", [text, ...rest])) as (Buffer | number)[];
  }
}

export function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("NOSCRIPT");
}
