import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Clock, Log } from '@strongroom/platform';
import type { HttpReply, HttpRequest } from '../http/http-request.js';
import { errorOfHttp } from './error-of-http.js';
import { problemOf, sendProblem } from './problem.js';

/** Every error leaves as problem details (RFC 9457); only one that nobody expected is logged, with its stack. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    const reply = http.getResponse<HttpReply>();
    const { error, status } = errorOfHttp(thrown);
    if (error.code === 'INTERNAL') {
      const cause = error.cause ?? error;
      this.log.error({ event: 'http.failed', requestId: request.id, stack: cause instanceof Error ? cause.stack : String(cause) });
    }
    if (!reply.sent) sendProblem(reply, problemOf(error, request.id, this.clock.nowMs(), status));
  }
}
