import type { ObsKnobs } from './emulator-knobs.js';
import type { Refusal } from './emulator-verify.js';

/** An error in one of the three forms in which Huawei's storage and extension services write it. */
export function errorBody(
  { code, message }: Refusal,
  requestId: string,
  format: ObsKnobs['errorFormat'],
): { contentType: string; body: string } {
  switch (format) {
    case 'xml':
      return {
        contentType: 'application/xml',
        body:
          '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
          `<Error><Code>${escaped(code)}</Code><Message>${escaped(message)}</Message>` +
          `<RequestId>${requestId}</RequestId><HostId>emulator</HostId></Error>`,
      };
    case 'json':
      return {
        contentType: 'application/json',
        body: JSON.stringify({ code, message, request_id: requestId }),
      };
    case 'json-error-code':
      return {
        contentType: 'application/json;charset=UTF-8',
        body: JSON.stringify({ error_code: code, error_msg: message, request_id: requestId }),
      };
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
