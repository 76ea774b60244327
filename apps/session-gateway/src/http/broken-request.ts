import { invalid } from '@strongroom/protocol';
import { problemOf } from '../problem/problem.js';

/** The socket on which no request could be read. */
interface BrokenSocket {
  readonly writable: boolean;
  readonly destroyed: boolean;
  end(text: string): unknown;
  destroy(): unknown;
}

/** What Node's parser found: too many header bytes, too slow, or not HTTP. */
interface ParserError {
  readonly code?: string | undefined;
}

/** The part of Node's response that is needed before there is a reply. */
interface RawReply {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown;
  end(text: string): unknown;
}

/** Answers a path that cannot be decoded: that is found before routing, so before any filter. */
export function answerUnreadablePath(_error: Error, request: { readonly id: string }, reply: { readonly raw: RawReply }): void {
  const problem = problemOf(invalid('path', 'cannot be read'), request.id, 0);
  reply.raw.writeHead(problem.status, problem.headers);
  reply.raw.end(JSON.stringify(problem.body));
}

/** Answers bytes that are no request with problem details as well, then closes: there is nothing to go on with. */
export function answerBrokenRequest(error: ParserError, socket: BrokenSocket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, reason, field } = meaningOf(error.code);
  const problem = problemOf(invalid(field, reason), 'none', 0, status);
  const body = JSON.stringify(problem.body);
  const headers = { ...problem.headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}

function meaningOf(code: string | undefined): { readonly status: number; readonly field: string; readonly reason: string } {
  if (code === 'HPE_HEADER_OVERFLOW') return { status: 431, field: 'headers', reason: 'are too long' };
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return { status: 408, field: 'request', reason: 'came too slowly' };
  return { status: 400, field: 'request', reason: 'is not HTTP' };
}
