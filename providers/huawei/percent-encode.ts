const UNRESERVED = /^[\w.~-]*$/;

/**
 * Percent-encodes everything but `A-Za-z0-9-_.~`, as both of Huawei's signatures want it on the wire.
 *
 * `encodeURIComponent` alone leaves `! ' ( ) *` as they are.
 *
 * @see inferred from the official signers' behaviour, contracts on OBS V2 and SDK-HMAC-SHA256 signatures
 */
export function percentEncode(value: string): string {
  if (UNRESERVED.test(value)) return value;
  return encodeURIComponent(value).replace(/[!'()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}
