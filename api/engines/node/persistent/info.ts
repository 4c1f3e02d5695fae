/** What is told of a group to who asks. */
import type { SubscriptionInfo } from "@eventstore/db-client/generated/persistent_pb.js";
import { persistent } from "../messages.ts";
import { placeText } from "./definition.ts";
import type { Consumer } from "./deliveries.ts";
import type { Group } from "./group.ts";

export type Connection = Readonly<{ from: string; user: string; name: string }>;

/** Of the extra statistics there are only names: nothing is measured. */
const MEASUREMENTS = [
  ...["Mean", "Median", "Fastest", "Quintile 1", "Quintile 2", "Quintile 3", "Quintile 4", "Quintile 5"],
  ...["90%", "95%", "99%", "99.5%", "99.9%", "Highest"],
];

export async function infoOf(
  group: Group,
  connectionOf: (consumer: Consumer) => Connection | undefined,
): Promise<SubscriptionInfo> {
  const { definition, consumers } = group;
  const { settings, source } = definition;
  const { total, fresh, again, inFlight } = group.counts();
  const { lastKnown, checkpoint } = group.places();
  const info = new persistent.SubscriptionInfo()
    .setEventSource(source)
    .setGroupName(definition.group)
    .setStatus("Live")
    .setStartFrom(definition.startFrom)
    .setResolveLinkTos(settings.resolveLinks)
    .setExtraStatistics(settings.extraStatistics)
    .setMessageTimeoutMilliseconds(settings.messageTimeout)
    .setMaxRetryCount(settings.maxRetries)
    .setLiveBufferSize(settings.liveBuffer)
    .setBufferSize(settings.history)
    .setReadBatchSize(settings.readBatch)
    .setCheckPointAfterMilliseconds(settings.checkpointAfter)
    .setMinCheckPointCount(settings.checkpointMin)
    .setMaxCheckPointCount(settings.checkpointMax)
    .setNamedConsumerStrategy(settings.strategy)
    .setMaxSubscriberCount(settings.consumersMax)
    .setTotalItems(`${total}`)
    .setCountSinceLastMeasurement("0")
    .setReadBufferCount(fresh)
    .setLiveBufferCount("0")
    .setRetryBufferCount(again)
    .setTotalInFlightMessages(inFlight)
    .setOutstandingMessagesCount(inFlight)
    .setParkedMessageCount(`${await group.parkedCount()}`);
  if (lastKnown !== undefined) info.setLastKnownEventPosition(placeText(source, lastKnown));
  if (checkpoint !== undefined) info.setLastCheckpointedEventPosition(placeText(source, checkpoint));
  for (const consumer of consumers) {
    const { from = "", user = "", name = "" } = connectionOf(consumer) ?? {};
    const connection = new persistent.SubscriptionInfo.ConnectionInfo()
      .setFrom(from)
      .setUsername(user)
      .setConnectionName(name)
      .setTotalItems(`${consumer.total}`)
      .setCountSinceLastMeasurement("0")
      .setAvailableSlots(consumer.size - consumer.inFlight.size)
      .setInFlightMessages(consumer.inFlight.size);
    for (const key of settings.extraStatistics ? MEASUREMENTS : [])
      connection.addObservedMeasurements(
        new persistent.SubscriptionInfo.Measurement().setKey(key).setValue("0"),
      );
    info.addConnections(connection);
  }
  return info;
}
