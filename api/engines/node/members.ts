/** What a client asks before it works: which methods there are, and which node leads. */
import { randomUUID } from "node:crypto";
import type { ClusterInfo } from "@eventstore/db-client/generated/gossip_pb.js";
import type { SupportedMethods } from "@eventstore/db-client/generated/serverfeatures_pb.js";
import type { handleUnaryCall } from "@grpc/grpc-js";
import {
  features,
  featuresService,
  gossip,
  gossipService,
  persistentService,
  shared,
  streamsService,
} from "./messages.ts";

/** The release whose answers ours are compared with. */
const VERSION = "24.6.0";
const STREAMS = ["read", "append", "batchAppend", "delete", "tombstone"] as const;

export function getSupportedMethods(): handleUnaryCall<unknown, SupportedMethods> {
  const supported = new features.SupportedMethods();
  supported.setEventStoreServerVersion(VERSION);
  const add = (path: string, ...does: readonly string[]) => {
    const [, service = "", name = ""] = path.toLowerCase().split("/");
    const method = new features.SupportedMethod();
    method.setServiceName(service);
    method.setMethodName(name);
    method.setFeaturesList([...does]);
    supported.addMethods(method);
  };
  for (const name of STREAMS)
    add(streamsService.StreamsService[name].path, ...(name === "read" ? ["position", "events"] : []));
  for (const { path } of Object.values(persistentService.PersistentSubscriptionsService))
    add(path, "stream", "all");
  add(featuresService.ServerFeaturesService.getSupportedMethods.path);
  add(gossipService.GossipService.read.path);
  return (_, callback) => callback(null, supported);
}

/** A cluster of one, which leads. */
export function readGossip(host: string, port: () => number): handleUnaryCall<unknown, ClusterInfo> {
  const id = new shared.UUID();
  id.setString(randomUUID());
  return (_, callback) => {
    const address = new gossip.EndPoint();
    address.setAddress(host);
    address.setPort(port());
    const member = new gossip.MemberInfo();
    member.setInstanceId(id);
    member.setTimeStamp(`${Date.now()}0000`);
    member.setState(gossip.MemberInfo.VNodeState.LEADER);
    member.setIsAlive(true);
    member.setHttpEndPoint(address);
    const cluster = new gossip.ClusterInfo();
    cluster.addMembers(member);
    callback(null, cluster);
  };
}
