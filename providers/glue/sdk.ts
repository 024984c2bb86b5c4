import type * as GlueSdkModule from '@aws-sdk/client-glue';
import { DriverFailure } from '../../src/driver-failure.js';

/** What of the AWS SDK is used. */
export type GlueSdk = Pick<
  typeof GlueSdkModule,
  'GlueClient' | 'ResumeWorkflowRunCommand' | 'GetWorkflowRunCommand' | 'GetWorkflowRunsCommand'
>;

/** Loads the AWS SDK: it takes a tenth of a second, which is no price for importing this package. */
export async function loadGlueSdk(): Promise<GlueSdk> {
  try {
    return await import('@aws-sdk/client-glue');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DriverFailure(`the AWS SDK could not be loaded, install @aws-sdk/client-glue (${why})`, {
      code: 'INTERNAL',
      effect: 'none',
      cause,
    });
  }
}
