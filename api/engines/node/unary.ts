/** One request, one answer: a promise's outcome. */
import type { handleUnaryCall, ServerUnaryCall, ServiceError, sendUnaryData } from "@grpc/grpc-js";

export const unary =
  <Request, Response>(
    answer: (request: Request, call: ServerUnaryCall<Request, Response>) => Promise<Response>,
  ): handleUnaryCall<Request, Response> =>
  (call, callback) =>
    void answerTo(callback, answer(call.request, call));

export async function answerTo<Response>(
  callback: sendUnaryData<Response>,
  response: Promise<Response>,
): Promise<void> {
  try {
    callback(null, await response);
  } catch (error) {
    callback(error as ServiceError);
  }
}
