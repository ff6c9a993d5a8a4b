// Asks STS who the caller is, once for each line of input.
import { createInterface } from "node:readline";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const sts = new STSClient({});
console.log("ready");
for await (const _ of createInterface({ input: process.stdin })) {
  console.log((await sts.send(new GetCallerIdentityCommand({}))).Arn);
}
