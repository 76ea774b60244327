import { z } from 'zod';
import { allContracts, type ListedContract } from './all-contracts.js';

/** The AsyncAPI 3.0 document of everything that services say over NATS. */
export function asyncApiDocument(): object {
  const channels: Record<string, object> = {};
  const operations: Record<string, object> = {};
  for (const contract of allContracts()) {
    const name = contract.subject.replaceAll('.', '_');
    channels[name] = channel(contract);
    operations[name] = operation(contract, name);
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Strongroom on NATS',
      version: '1',
      description: 'Calls and broadcasts are MessagePack; bytes are its bin type. Events are CloudEvents 1.0 JSON.',
      license: { name: 'Apache-2.0' },
    },
    channels,
    operations,
  };
}

function channel(contract: ListedContract): object {
  const token = contract.kind === 'broadcast' ? 'fleetId' : contract.addressed ? 'node' : null;
  const messages: Record<string, object> = {};
  for (const part of ['request', 'response', 'message', 'data'] as const) {
    const schema = contract[part];
    if (schema !== undefined)
      messages[part] = { contentType: contract.kind === 'event' ? 'application/json' : 'application/msgpack', payload: schemaOf(schema) };
  }
  return {
    address: token === null ? contract.subject : `${contract.subject}.{${token}}`,
    description: contract.summary,
    ...(token === null ? {} : { parameters: { [token]: { description: token === 'node' ? 'As in eu-1-3.' : 'As in eu-1.' } } }),
    messages,
  };
}

function operation(contract: ListedContract, name: string): object {
  const message = (part: string): object => ({ $ref: `#/channels/${name}/messages/${part}` });
  const common = { channel: { $ref: `#/channels/${name}` }, summary: contract.summary, tags: [{ name: contract.owner }] };
  if (contract.kind === 'rpc') {
    return { action: 'receive', ...common, messages: [message('request')], reply: { messages: [message('response')] } };
  }
  return { action: 'send', ...common, messages: [message(contract.kind === 'event' ? 'data' : 'message')] };
}

function schemaOf(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}
