import { createRequire } from 'node:module';
import { join } from 'node:path';

interface Credentials {
  withAk(value: string): Credentials;
  withSk(value: string): Credentials;
  withProjectId(value: string): Credentials;
}

interface Client {
  sendRequest(request: object): Promise<{ readonly httpStatusCode: number }>;
}

interface Core {
  readonly BasicCredentials: new () => Credentials;
  readonly ClientBuilder: new (
    init: (client: Client) => Client,
    credentialType: string,
  ) => {
    withCredential(credentials: Credentials): { withEndpoint(endpoint: string): { build(): Client } };
  };
}

/** The AOM call by the vendor's own client; undefined, with a printed line, where that is not installed. */
export function makeHuaweiCall(
  origin: string,
  { accessKeyId, secretAccessKey }: { readonly accessKeyId: string; readonly secretAccessKey: string },
  projectId: string,
): ((execution: string) => Promise<unknown>) | undefined {
  const require = createRequire(join(process.cwd(), 'bench', 'package.json'));
  let core: Core;
  try {
    const folder = '@huaweicloud/huaweicloud-sdk-core';
    core = {
      ...(require(`${folder}/ClientBuilder`) as Pick<Core, 'ClientBuilder'>),
      ...(require(`${folder}/auth/BasicCredentials`) as Pick<Core, 'BasicCredentials'>),
    };
  } catch (error) {
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    console.log(`huaweicloud-sdk-core is not measured: ${why}`);
    return undefined;
  }
  const credentials = new core.BasicCredentials().withAk(accessKeyId).withSk(secretAccessKey).withProjectId(projectId);
  const client = new core.ClientBuilder((made) => made, 'BasicCredentials')
    .withCredential(credentials)
    .withEndpoint(origin)
    .build();
  return async (execution) => {
    const answer = await client.sendRequest({
      method: 'POST',
      url: '/v1/{project_id}/cms/workflow/{workflow_id}/executions/{execution_id}/operation',
      contentType: 'application/json',
      queryParams: { action: 'restart', node_id: 'node-1' },
      pathParams: { project_id: projectId, workflow_id: 'w', execution_id: execution },
      headers: {},
    });
    if (answer.httpStatusCode !== 200) throw new Error(`answered ${answer.httpStatusCode}`);
  };
}
