package main

import "slices"

// Folders whose symbols are changed.
const (
	records     = "internal/record"
	feed        = "internal/sync"
	pushes      = "internal/push"
	pulls       = "internal/pull"
	canonical   = "internal/canonical"
	database    = "internal/db"
	migrations  = "internal/db/migrations"
	projections = "internal/projection"
	agent       = "internal/agent"
)

// mutations are named by the promise of docs/protocol.md that they break, or by what they
// are about.
var mutations = slices.Concat(orderMutations, repeatMutations, insertMutations, pushMutations, recordMutations, conflictMutations,
	tenancyMutations, restoreMutations, agentMutations, readerMutations, truthMutations, sourceMutations, otherMutations, clockMutations,
	figureMutations, httpMutations)

var orderMutations = []mutation{
	{
		name:    "1: the lock on the feed is left out",
		changes: []change{withoutLock},
		tests:   tests{feed, "TestPromise1.*|TestPromise2.*|TestPurgesPushesAndPullsAtOnce"},
	},
	{
		name: "1: the lock on the feed holds within one process only",
		changes: []change{
			withoutLock,
			declareBefore(symbol{pushes, "Receiver.Push"}, "var alone = make(chan bool, 1)"),
			beginWith(symbol{pushes, "Receiver.Push"}, "alone <- true\ndefer func() { <-alone }()"),
		},
		tests: tests{"api/cmd/cabinet", "TestPromise1.*"},
	},
	{
		name:    "1: a page leaves out the change behind its cursor",
		changes: []change{replaceIn(symbol{pulls, "windowQuery"}, "AND seq > $2`", "AND seq > $2 + 1`")},
		tests:   tests{feed, "TestPromise1.*|TestPromise5.*|TestARestoredBackupHidesNothing"},
	},
	{
		name:    "1: a long poll looks at pushes of its own process only",
		changes: []change{removeFrom(symbol{feed, "watchers.joinFeed"}, "go w.pollHeads()")},
		tests:   tests{feed, "TestALongPollIsWokenByAPush"},
	},
}

var withoutLock = replaceIn(symbol{feed, "QueueLock"}, "FROM feeds WHERE organization_id = $1 FOR UPDATE", "FROM feeds WHERE organization_id = $1")

var repeatMutations = []mutation{
	{
		name:    "2: the comparison of hashes is left out",
		changes: []change{replaceIn(symbol{pushes, "statusOf"}, "case current.Hash == c.hash:", "case false:")},
		tests:   tests{feed, "TestPromise2.*|TestPromise5.*|TestAnOrderIsChangedFromItsCurrentVersionOnly"},
	},
	{
		name:    "2: a repeat takes a new place in the feed",
		changes: []change{replaceIn(symbol{pushes, "statusOf"}, "return Unchanged", "return Applied")},
		tests:   tests{feed, "TestPromise2.*"},
	},
	{
		name:    "2: what was sent before is not held against what is there now",
		changes: []change{replaceIn(symbol{pushes, "batch.isDuplicate"}, "s == nil || s.Hash != b.changes[i].hash", "s == nil")},
		tests:   tests{feed, "TestARepeatIsAnsweredLikeAnyOtherSpellingOfIt"},
	},
}

var insertMutations = []mutation{
	{
		name:    "2: a record that was not looked up and is there ends the push",
		changes: []change{replaceIn(symbol{pushes, "recordExists"}, `broken.Code == "23505"`, "false")},
		tests:   tests{feed, "TestAPushIsAnsweredLikeItsChangesOneByOne"},
	},
	{
		name:    "2: a record that is twice in a batch replaces one that was not looked up",
		changes: []change{replaceIn(symbol{pushes, "batch.queueRecords"}, "!s.stored", "s.previous == nil")},
		tests:   tests{feed, "TestAPushIsAnsweredLikeItsChangesOneByOne"},
	},
}

var pushMutations = []mutation{
	{
		name: "3: a push is two transactions",
		changes: []change{beginWith(symbol{pushes, "Receiver.Push"}, `
			if half := len(request.raws) / 2; half > 0 {
				one, two := *request, *request
				one.raws, two.raws = request.raws[:half], request.raws[half:]
				results, _, err := r.Push(ctx, organization, &one)
				if err != nil {
					return nil, sync.Position{}, err
				}
				rest, at, err := r.Push(ctx, organization, &two)
				return append(results, rest...), at, err
			}`)},
		tests: tests{feed, "TestPromise3.*"},
	},
	{
		name: "4: a rejected record ends the push",
		changes: []change{replaceIn(symbol{pushes, "feedWriter.storeLookedUp"}, "b.decideAll()", `b.decideAll()
			for _, r := range b.results {
				if r.Status == Rejected {
					return context.Canceled
				}
			}`)},
		tests: tests{feed, "TestPromise4.*"},
	},
	{
		name:    "4: what is no JSON is taken for an empty change of nothing, without a reason",
		changes: []change{removeFrom(symbol{pushes, "decoder.readUnreadable"}, `c.addFault("", "malformed", cause.Error())`)},
		tests:   tests{"api", "TestAnUnreadableChangeIsRejectedAlone"},
	},
	{
		name:    "4: half a surrogate pair becomes another character",
		changes: []change{removeFrom(symbol{canonical, "Parser.parseCodeUnits"}, `p.noteFlaw("lone_surrogate", "text holds half of a surrogate pair")`)},
		tests:   tests{"api", "TestAnUnreadableChangeIsRejectedAlone"},
	},
	{
		name:    "4: what is too deep reads as null",
		changes: []change{removeFrom(symbol{canonical, "Parser.parseValue"}, `p.noteFlaw("too_deep", fmt.Sprintf("values stand more than %d deep in one another", maxDepth))`)},
		tests:   tests{"api", "TestAnUnreadableChangeIsRejectedAlone"},
	},
	{
		name:    "4: bytes that are no text are kept as they came",
		changes: []change{replaceIn(symbol{pushes, "refusal.keepText"}, "case !utf8.Valid(sent) || bytes.IndexByte(sent, 0) >= 0:", "case false && (!utf8.Valid(sent) || bytes.IndexByte(sent, 0) >= 0):")},
		tests:   tests{"api", "TestAnUnreadableChangeIsRejectedAlone"},
	},
	{
		name:    "4: a record may be of any size",
		changes: []change{replaceIn(symbol{pushes, "decoder.readContent"}, "if len(c.data) > sync.MaxRecordBytes {", "if false {")},
		tests:   tests{"api", "TestAnUnreadableChangeIsRejectedAlone"},
	},
	{
		name:    "4: what is rejected is not kept",
		changes: []change{replaceIn(symbol{pushes, "batch.queueRejections"}, "if b.quota.admitRefusal(r) {", "if false {")},
		tests:   tests{feed, "TestPromise4.*"},
	},
	{
		name:    "4: a good version does not heal a rejection",
		changes: []change{replaceIn(symbol{pushes, "batch.queueHealing"}, "if !b.writer.hasRejected ||", "if true ||")},
		tests:   tests{feed, "TestPromise4.*"},
	},
}

var recordMutations = []mutation{
	{
		name:    "remarks: a sum that is off is right",
		changes: []change{replaceIn(symbol{records, "examination.holdTotal"}, "!sum.equals(total)", "false")},
		tests:   tests{records, "TestReceiptsAreRemarkedForTheirFaultsAlone|TestEachRemark.*"},
	},
	{
		name:    "remarks: a service charge is no part of the total",
		changes: []change{replaceIn(symbol{records, "saleArithmetic"}, `"service_charge", "tip", "rounding"`, `"tip", "rounding"`)},
		tests:   tests{records, "TestReceipts.*"},
	},
	{
		name:    "remarks: tax on top is left out of lines",
		changes: []change{replaceIn(symbol{records, "saleLineAmount"}, "if !isTaxIncluded(line, receiptIncludesTax) {", "if false {")},
		tests:   tests{records, "TestReceipts.*"},
	},
	{
		name:    "remarks: rounding to a coarser step is right",
		changes: []change{replaceIn(symbol{records, "exact.roundsTo"}, "return -step < off.units && off.units < step", "return -100*step < off.units && off.units < 100*step")},
		tests:   tests{records, "TestReceipts.*|TestArithmeticIsExact"},
	},
	{
		name:    "remarks: products that do not fit a word are cut off",
		changes: []change{replaceIn(symbol{records, "timesPrice"}, `|| high > 0 || low > math.MaxInt64`, `|| high > 1<<62`)},
		tests:   tests{records, "TestArithmeticIsExact|TestReceipts.*"},
	},
	{
		name:    "remarks: an open receipt must be paid",
		changes: []change{replaceIn(symbol{records, "receiptArithmetic"}, `status == "open" || status == "cancelled"`, `status == "cancelled"`)},
		tests:   tests{records, "TestReceipts.*"},
	},
	{
		name: "remarks: what does not add up is refused",
		changes: []change{replaceIn(symbol{records, "examination.addRemark"}, "e.remarks = append(e.remarks, Remark{code, path, expected, given})", "e.addFault(path, code, expected)"),
			replaceIn(symbol{records, "Kind.Examine"}, "return nil, e.sortedRemarks()", "return e.faults, e.sortedRemarks()")},
		tests: tests{records, "TestReceipts.*"},
	},
	{
		name:    "remarks: those of lines crowd out those of sums",
		changes: []change{replaceIn(symbol{records, "examination.addRemark"}, "if len(e.remarks) < maxRemarks || !isInList(path) {", "if len(e.remarks) < maxRemarks {")},
		tests:   tests{records, "TestRemarksAreBounded"},
	},
	{
		name:    "remarks: a push does not tell them",
		changes: []change{removeFrom(symbol{pushes, "batch.decideChange"}, "result.Remarks = c.remarks")},
		tests:   tests{"api", "TestWhatDoesNotAddUpIsAppliedWithItsRemarks"},
	},
	{
		name:    "rules: what the version before refused is not tried again",
		changes: []change{replaceIn(symbol{records, "Rules"}, "2", "1")},
		tests:   tests{"api", "TestARefusedExchangeIsCountedAfterTheUpgrade"},
	},
	{
		name:    "projections: a name longer than an index holds",
		changes: []change{replaceIn(symbol{projections, "headText"}, "len(text) > most &&", "false &&")},
		tests:   tests{"api", "TestWhateverTheRulesTakeIsShown"},
	},
	{
		name: "projections: a payment of no type is none",
		changes: []change{replaceIn(symbol{projections, "projectPayments"}, `for payment := range elementsOf(receipt, "payments") {`, `for payment := range elementsOf(receipt, "payments") {
			if !idOf(payment, "payment_type_id").Valid {
				continue
			}`)},
		tests: tests{projections, "TestOddDataIsReadLeniently"},
	},
}

var conflictMutations = []mutation{
	{
		name:    "5: what is newer stays unsaid to whoever is stale",
		changes: []change{replaceIn(symbol{pushes, "batch.decideChange"}, "case Stale, Conflict:", "case Conflict:")},
		tests:   tests{"api", "TestStaleAndConflictingChangesAreAnsweredWithTheCurrentRecord"},
	},
	{
		name:    "5: current records are told without bound",
		changes: []change{replaceIn(symbol{pushes, "batch.queueCurrent"}, "WHERE size <= $4`", "WHERE size <= $4 * 100`")},
		tests:   tests{"api", "TestCurrentRecordsAreLeftOutWhereTheAnswerWouldGrowTooLong"},
	},
	{
		name: "5: of equal times and devices the last to arrive wins",
		changes: []change{
			replaceIn(symbol{pushes, "isLater"}, "return string(c.hash[:]) > string(current.Hash[:])", "return true"),
		},
		tests: tests{feed, "TestPromise5.*|TestTheLaterChangeWinsInEveryOrderOfArrival"},
	},
	{
		name:    "5: of equal times the last device to arrive wins",
		changes: []change{replaceIn(symbol{pushes, "winsByTime"}, "return string(device[:]) > string(currentDevice[:])", "return true")},
		tests:   tests{feed, "TestPromise5.*|TestTheLaterChangeWinsInEveryOrderOfArrival"},
	},
	{
		name:    "5: the last to arrive wins",
		changes: []change{replaceIn(symbol{pushes, "statusOf"}, "case !isLater(current, c, device):", "case false:")},
		tests:   tests{feed, "TestPromise2.*|TestPromise5.*|TestTheLaterChangeWinsInEveryOrderOfArrival"},
	},
	{
		name: "5: a later time of equal content is not taken over",
		changes: []change{replaceIn(symbol{pushes, "batch.decideChange"}, "current.touched = c.modifiedAt, b.writer.device, true",
			"current.touched = current.ModifiedAt, current.Device, false")},
		tests: tests{feed, "TestPromise5.*|TestTheLaterChangeWinsInEveryOrderOfArrival"},
	},
	{
		name:    "5: a change by base_version takes the time back",
		changes: []change{replaceIn(symbol{pushes, "batch.applyChange"}, "if !winsByTime(", "if false && !winsByTime(")},
		tests:   tests{feed, "TestAChangeByBaseVersionNeverTakesTheTimeBack"},
	},
	{
		name:    "5: base_version is not compared",
		changes: []change{replaceIn(symbol{pushes, "statusOf"}, "c.baseVersion > 0 && c.baseVersion == current.Version:", "c.baseVersion > 0:")},
		tests:   tests{feed, "TestABaseVersionThatIsNotCurrentIsAConflict|TestAnOrderIsChangedFromItsCurrentVersionOnly"},
	},
	{
		name:    "5: a shared record is replaced without its version",
		changes: []change{replaceIn(symbol{pushes, "statusOf"}, "case c.spec.Shared: return Conflict", "case false: return Conflict")},
		tests:   tests{feed, "TestAnOrderIsChangedFromItsCurrentVersionOnly"},
	},
	{
		name:    "5: deletions are left out of digests",
		changes: []change{replaceIn(symbol{feed, "Feed.Digest"}, "AND kind = $2 AND bucket", "AND NOT deleted AND kind = $2 AND bucket")},
		tests:   tests{feed, "TestPromise5.*|TestEqualRecordsHaveEqualDigestsAndOthersDoNot"},
	},
	{
		name:    "5: the hash does not cover the deletion",
		changes: []change{replaceIn(symbol{canonical, "Hash"}, "if deleted {", "if false && deleted {")},
		tests:   tests{canonical, "TestHashCoversIDDeletionAndData"},
	},
}

var tenancyMutations = []mutation{
	{
		name:    "6: row-level security of a table is not forced",
		changes: []change{removeWhole(statement{migrations, "ALTER TABLE sync_usage FORCE ROW LEVEL SECURITY"})},
		tests:   tests{database, "TestEveryTenantsTableHasForcedRowLevelSecurity"},
	},
	{
		name: "6: the policy of a table lets everybody in",
		changes: []change{replaceWhole(statement{migrations, "CREATE POLICY tenant ON devices"},
			"CREATE POLICY tenant ON devices USING (true);")},
		tests: tests{database, "TestRowLevelSecurityHoldsWhereTheScopeIsForgotten|TestBackgroundWorkSeesPositionsOnly|TestAScopeThatNamesNobodyIsRefused"},
	},
	{
		name:    "6: connections are the owner of the tables",
		changes: []change{removeFrom(symbol{database, "Open"}, "login.applyTo(config.ConnConfig)\n\tconfig.AfterConnect = holdBounds")},
		tests:   tests{database, "TestRowLevelSecurityHoldsWhereTheScopeIsForgotten|TestBackgroundWorkSeesPositionsOnly|TestAScopeThatNamesNobodyIsRefused"},
	},
	{
		name:    "6: the server takes the owner's address for its own",
		changes: []change{removeFrom(symbol{database, "Open"}, "config.AfterConnect = holdBounds")},
		tests:   tests{"internal/app", "TestWithTwoAddressesTheOwnerNeedsNoRightsBeyondItsTables|TestResettingItsRoleGivesASessionNothing"},
	},
	{
		name:    "6: a transaction has the rights of background work",
		changes: []change{replaceIn(symbol{database, "setLocal"}, `"; SET LOCAL " + name`, `"; SET LOCAL app.system = 'on'; SET LOCAL " + name`)},
		tests:   tests{database, "TestRowLevelSecurityHoldsWhereTheScopeIsForgotten"},
	},
}

var restoreMutations = []mutation{
	{
		name:    "restore: the marks of cursors are not compared",
		changes: []change{replaceIn(symbol{feed, "markHeld"}, "AND seq = $2 AND mark = $3", "AND seq = $2 AND $3::bigint IS NOT NULL")},
		tests:   tests{feed, "TestARestoredBackupHidesNothing|TestAPushFromALostPlaceIsRefused"},
	},
	{
		name:    "restore: a push is taken from a lost place",
		changes: []change{replaceIn(symbol{pushes, "feedWriter.lockFeed"}, "return feed.Err()", "return nil")},
		tests:   tests{feed, "TestARestoredBackupHidesNothing|TestAPushFromALostPlaceIsRefused"},
	},
	{
		name:    "restore: the agent does not look for what was lost",
		changes: []change{replaceIn(symbol{agent, "adoptFeed"}, "return true, nil", "return false, nil")},
		tests:   tests{agent, "TestWhatARestoredBackupLacksIsSentAgain|TestLostStateIsMadeAgainByDigests"},
	},
	{
		name:    "restore: an order that went back is left to a hand",
		changes: []change{replaceIn(symbol{agent + "/reconcile", "Reconciler.Overrules"}, "if len(older) == 0 {", "if true {")},
		tests:   tests{agent, "TestADeliveryOrderFindsItsWayIntoARestoredBackup"},
	},
	{
		name:    "restore: an older state is handed to the till",
		changes: []change{removeFrom(symbol{agent + "/receive", "Receiver.Pull"}, "at.Sent = r.sentKinds(kinds)")},
		tests:   tests{agent, "TestARestoredBackupDoesNotTakeAnOrderBackAtTheTill"},
	},
}

var agentMutations = []mutation{
	{
		name: "agent: what is on its way is not kept",
		changes: []change{removeFrom(symbol{agent + "/send", "Sender.pushChanges"}, `
			if err := s.State.Sending(ctx, kind, b.unansweredRecords(s.Link.Now())); err != nil {
				return err
			}`)},
		tests: tests{agent, "TestWhatVanishesAfterALostAnswerIsDeletedAllTheSame|TestAClockSetBackAfterALostAnswerHoldsNothingUp"},
	},
	{
		name: "agent: a push is remembered before it is answered",
		changes: []change{replaceIn(symbol{agent + "/send", "Sender.pushChanges"}, "pushed, err := s.Link.Push(ctx, b.changes)", `
			for i := range b.records {
				b.applyAnswer(i, client.Result{Status: client.Applied})
			}
			if err := s.State.Acknowledge(ctx, kind, b.records, ""); err != nil {
				return err
			}
			pushed, err := s.Link.Push(ctx, b.changes)`)},
		tests: tests{agent, "TestAgentThatIsKilledAgainAndAgainGetsThere|TestWhatVanishesAfterALostAnswerIsDeletedAllTheSame|TestAClockSetBackAfterALostAnswerHoldsNothingUp"},
	},
}

var truthMutations = []mutation{
	{
		name:    "identity: ids are those of the organization whichever source they come from",
		changes: []change{replaceIn(symbol{agent + "/extract", "Namespaces.of"}, "return n.Source", "return n.Shared")},
		tests:   tests{agent, "TestTwoDatabasesThatCountFromOneStandBesideEachOther"},
	},
	{
		name:    "identity: another database is not noticed",
		changes: []change{replaceIn(symbol{agent + "/identity", "judge"}, "documents.Differ > documents.Agree", "false")},
		tests:   tests{agent, "TestACopiedAgentIsStoppedAtAnotherDatabase|TestAnotherDatabaseIsNeverTakenForTheFirst"},
	},
	{
		name:    "identity: a re-installed agent does not find its database again",
		changes: []change{replaceIn(symbol{agent + "/identity", "judge"}, "documents.Agree > 0", "false")},
		tests:   tests{agent, "TestAReinstalledAgentFindsItsDatabaseAgain"},
	},
	{
		name:    "identity: two sources are the first",
		changes: []change{replaceIn(symbol{feed, "newSourceID"}, "known == 0 && !used", "!used")},
		tests:   tests{feed, "TestOnlyOneSourceIsTheFirst"},
	},
	{
		name:    "identity: a configuration that was copied keeps its device",
		changes: []change{removeFrom(symbol{agent, "sourceChoice.renewDevice"}, "identity.DeviceID = uuid.New()")},
		tests:   tests{agent, "TestACopiedAgentIsStoppedAtAnotherDatabase"},
	},
	{
		name:    "verify: what is kept counts as equal",
		changes: []change{removeFrom(symbol{agent + "/reconcile", "Comparison.Same"}, "+c.Kept")},
		tests:   tests{agent, "TestWhatIsKeptIsADifferenceThatARepairRemovesWhenAsked"},
	},
	{
		name:    "verify: records of no source count as equal",
		changes: []change{removeFrom(symbol{agent + "/reconcile", "Comparison.Same"}, "+c.Strangers")},
		tests:   tests{agent, "TestRecordsOfNoSourceAreADifference"},
	},
	{
		name:    "verify: what the state does not know is another's",
		changes: []change{replaceIn(symbol{agent + "/reconcile", "Comparer.isVanished"}, "return c.isOwn(device) || sent && !c.isOfASource(device)", "return sent")},
		tests:   tests{agent, "TestWhatVanishedWhileTheStateWasGoneIsFound"},
	},
	{
		name:    "verify: a repair goes over what another source has changed",
		changes: []change{removeFrom(symbol{agent + "/reconcile", "mine"}, `+ " AND NOT " + theirs`)},
		tests:   tests{agent, "TestARepairLeavesAloneWhatAnotherSourceHasChanged"},
	},
	{
		name:    "agent: what stood rejected before is not said again",
		changes: []change{replaceIn(symbol{agent, "runOnce"}, "summary.Standing, unread =", "_, unread =")},
		tests:   tests{agent, "TestRejectedRecordIsKeptAndHealsItself"},
	},
	{
		name:    "agent: reading goes on from a mark in another offset than the source's",
		changes: []change{replaceIn(symbol{agent + "/extract", "parseInstant"}, "instant{Time: written, layout", "instant{Time: written.In(zone), layout")},
		tests:   tests{agent + "/extract", "TestChangeMarkOverlaps"},
	},
}

var sourceMutations = []mutation{
	{
		name:    "source: a reading of SQLite does not give way to the POS",
		changes: []change{replaceIn(symbol{agent + "/source/sqlite", "database.readOnce"}, "end(errGiveWay)", "_ = before")},
		tests:   tests{agent + "/source", "TestAScanOfSQLiteGivesWayToThePOS"},
	},
	{
		name:    "source: a scan that goes on gives rows twice",
		changes: []change{replaceIn(symbol{agent + "/source/sqlite", "position.passes"}, "if p.skip[whole] > 0 {", "if false {")},
		tests:   tests{agent + "/source", "TestAScanOfSQLiteGivesWayToThePOS"},
	},
	{
		name:    "source: a key that stands twice is read",
		changes: []change{removeFrom(symbol{agent + "/scan", "Listing.Keys"}, "WHERE NOT repeated")},
		tests:   tests{agent + "/scan", "TestAKeyThatStandsTwiceHoldsUpNobodyElse"},
	},
	{
		name: "source: rows without a change mark wait for a whole reading",
		changes: []change{removeFrom(symbol{agent + "/extract", "lister.listRows"}, `
			if err := l.source.Scan(ctx, selection, l.listRow); err != nil {
				return err
			}`)},
		tests: tests{agent + "/extract", "TestChangeMarkOverlaps"},
	},
	{
		name:    "source: new rows without change marks wait for a whole reading",
		changes: []change{replaceIn(symbol{agent + "/extract", "Extractor.Grows"}, "return x.root.modifiedAt == none", "return false")},
		tests:   tests{agent + "/scan", "TestNewRowsOfAKindWithoutMarksAreListedByTheirKeys"},
	},
	{
		name:    "source: two items with one key have one id",
		changes: []change{replaceIn(symbol{agent + "/extract", "itemIDs.next"}, "if number > 1 || !value.HasKey() {", "if false {")},
		tests:   tests{agent + "/extract", "TestItemsWithOneKeyHaveIDsOfTheirOwn"},
	},
	{
		name:    "source: the parts of two keys make one text",
		changes: []change{replaceIn(symbol{agent + "/source", "Value.Key"}, "keySeparator.Replace(part.Key())", "part.Key()")},
		tests:   tests{agent + "/extract", "TestKeysOfSeveralColumns|TestKeysOfSeveralValuesAreOneText"},
	},
	{
		name:    "source: a row that is left out counts as vanished",
		changes: []change{removeFrom(symbol{agent + "/reconcile", "Comparer.countRest"}, "AND NOT EXISTS (SELECT 1 FROM listed WHERE listed.id = there.id)")},
		tests:   tests{agent, "TestARowThatIsNoRecordIsNamedAndItsNeighboursGo"},
	},
}

// readerMutations break what a client that only reads the document may rely on.
var readerMutations = []mutation{
	{
		name:    "readers: a stale change does not tell what is newer",
		changes: []change{replaceIn(symbol{pushes, "batch.decideChange"}, "case Stale, Conflict:", "case Conflict:")},
		tests:   tests{"internal/conformance", "TestTheCabinetKeepsEveryPromise"},
	},
	{
		name:    "readers: what does not fit an answer by ids is left out without a word",
		changes: []change{replaceIn(symbol{feed, "Feed.LookUp"}, "found.Remaining = ids[next:]", "_ = next")},
		tests:   tests{feed, "TestALookupOfLongRecordsIsAnsweredInParts"},
	},
	{
		name:    "readers: an answer by ids has no bound",
		changes: []change{replaceIn(symbol{feed, "Feed.LookUp"}, "if size >= lookupBytes {", "if size < 0 {")},
		tests:   tests{feed, "TestALookupOfLongRecordsIsAnsweredInParts"},
	},
	{
		name:    "readers: a bucket that there is not is an empty one",
		changes: []change{replaceIn(symbol{"api", "query.checkBucket"}, "!kind.IsBucket(bucket)", "len(bucket) > 100")},
		tests:   tests{"api", "TestEveryRouteKnowsWhoMayCallIt"},
	},
	{
		name:    "readers: the records of a bucket end with a part of them",
		changes: []change{replaceIn(symbol{feed, "Feed.Fingerprints"}, "more = len(some) == fingerprintsAtOnce", "more = len(some) < 0")},
		tests:   tests{feed, "TestBucketsOfManyRecordsAreListedInParts"},
	},
	{
		name:    "readers: a comma is a point",
		changes: []change{replaceIn(symbol{"internal/record", "hasInstantForm"}, `rest[0] == '.'`, `rest[0] == '.' || rest[0] == ','`)},
		tests:   tests{"internal/record", "TestTimesAreThoseOfRFC3339"},
	},
	{
		name:    "readers: times have capitals alone",
		changes: []change{replaceIn(symbol{"internal/record", "fits"}, "c != 'T' && c != 't'", "c != 'T'")},
		tests:   tests{"internal/record", "TestTimesAreThoseOfRFC3339"},
	},
	{
		name:    "keys: a replaced key goes on reading a stream",
		changes: []change{replaceIn(symbol{"api", "permit.check"}, "time.Since(p.asked) < age", "age > 0")},
		tests:   tests{"api", "TestAStreamEndsWithItsSyncKey|TestALongPollEndsWithItsSyncKey"},
	},
	{
		name:    "keys: a waking shows what arrived after the key was replaced",
		changes: []change{replaceIn(symbol{pulls, "answer.waitFor"}, "return true, a.request.checkAllowed(ctx, 0)", "return true, nil")},
		tests:   tests{"api", "TestAWakingAsksForTheSyncKeyBeforeItShowsWhatArrived"},
	},
	{
		name:    "refusals: the rest of a refused request is not read",
		changes: []change{replaceIn(symbol{"api", "drained"}, "_, _ = io.CopyN(io.Discard, body, drainedBytes)", "return")},
		tests:   tests{"api", "TestAnEarlyRefusal.*"},
	},
	{
		name:    "refusals: what is left of a body is read as a request",
		changes: []change{replaceIn(symbol{"api", "drained"}, "if !body.ended {", "if false {")},
		tests:   tests{"api", "TestTheBodyOfAnEarlyRefusalIsReadForSecondsOnly"},
	},
	{
		name:    "memory: a page of rejections has no bound of bytes",
		changes: []change{replaceIn(symbol{feed, "Feed.Rejections"}, "|| size >= maxPageBytes", "")},
		tests:   tests{feed, "TestAPageOfLongRejectionsEndsEarly"},
	},
	{
		name:    "memory: a list holds the data of its records",
		changes: []change{replaceIn(symbol{"internal/browse", "entries"}, `valuesOf(e.data, fields), ""`, `valuesOf(e.data, fields), e.data`)},
		tests:   tests{"internal/browse", "TestAListHoldsOnlyWhatItShows"},
	},
}

var otherMutations = []mutation{
	{
		name:    "errors: an operation answers with a code that it does not name",
		changes: []change{replaceIn(symbol{"api", "pathID"}, "fault.New(fault.NotFound", "fault.New(fault.Conflict")},
		tests:   tests{"api", "TestEveryRouteKnowsWhoMayCallIt"},
	},
	{
		name:    "errors: pages of the documents keep links that lead nowhere",
		changes: []change{replaceIn(symbol{"api", "pointAtPage"}, "return false", "return true")},
		tests:   tests{"api", "TestProtocolAndErrorsAreReadInTheBrowser"},
	},
	{
		name:    "freshness: a reader does not wait for what was acknowledged",
		changes: []change{replaceIn(symbol{projections, "position.isWithinReach"}, "return behind <= barrierReach", "return false")},
		tests:   tests{projections, "TestWhoeverIsFarBehindIsAnsweredAtOnceWithWhatThereIs"},
	},
	{
		name:    "freshness: a reader waits for more than can be projected in time",
		changes: []change{replaceIn(symbol{projections, "position.isWithinReach"}, "return behind <= barrierReach", "return true")},
		tests:   tests{projections, "TestWhoeverIsFarBehindIsAnsweredAtOnceWithWhatThereIs"},
	},
	{
		name:    "freshness: what is behind is not marked",
		changes: []change{replaceIn(symbol{projections, "position.view"}, "p.seq >= barrier", "true")},
		tests:   tests{projections, "TestWhoeverIsFarBehindIsAnsweredAtOnceWithWhatThereIs|TestAReaderWaitsNoLongerThanItMay"},
	},
	{
		name:    "purge: purged tombstones do not end cursors",
		changes: []change{replaceIn(symbol{feed, "Continuation.Err"}, "c.purged > max(from.seq, from.purged)", "c.purged < 0")},
		tests:   tests{feed, "TestACursorThatMissedAPurgedTombstoneHasExpired|TestAReaderThatIsOvertakenByAPurgeBeginsAgain"},
	},
	{
		name:    "history: an earlier version is not kept",
		changes: []change{removeFrom(symbol{pushes, "batch.queueAccepted"}, "b.queueHistory(queue)")},
		tests:   tests{feed, "TestAChangedRecordKeepsEveryEarlierVersion|TestPromise5.*"},
	},
	{
		name:    "licenses: an ended license still opens its module",
		changes: []change{replaceIn(symbol{"internal/license", "License.Opens"}, "return status == Active", "return status == Expired || status == Active")},
		tests:   tests{feed, "TestAModuleNeedsItsLicense"},
	},
}

var clockMutations = []mutation{
	{
		name:    "timeouts: a class has none",
		changes: []change{replaceIn(symbol{database, "DB.inTransaction"}, "begin+timeout(ctx)", "begin")},
		tests:   tests{database, "TestAStatementIsBrokenOffAfterTheTimeOfItsClass"},
	},
	{
		name: "plans: an index looks as good as the key, and nobody gathers statistics",
		changes: []change{
			replaceWhole(statement{migrations, "CREATE INDEX records_buckets ON records (organization_id, kind, bucket) WHERE"},
				"CREATE INDEX records_buckets ON records (organization_id, kind, bucket, id)"),
			removeFrom(symbol{pushes, "Receiver.Push"}, "r.db.NoteWritten(ctx, int(w.head-w.before.Head))"),
			replaceIn(symbol{projections, "Projector.runStep"}, "p.db.NoteWritten(ctx, projected)", "_ = projected"),
		},
		tests: tests{"internal/browse", "TestABulkIsExportedBeforeAutovacuum"},
	},
	{
		name:    "search: the digits of all words are one number",
		changes: []change{beginWith(symbol{projections, "Patterns"}, `if digits := digitsOf(query); len(digits) >= fewestDigits { query = digits }`)},
		tests:   tests{projections, "TestSeveralNumbersAreFoundEachByItself"},
	},
	{
		name:    "files: a long list is cut",
		changes: []change{replaceIn(symbol{"internal/browse", "list.eachItem"}, "len(items) == 0 {", "len(items) < l.pageSize {")},
		tests:   tests{"internal/browse", "TestExportWalksTheWholeList"},
	},
	{
		name:    "files: money has two digits in a workbook",
		changes: []change{replaceIn(symbol{"internal/export", "numberFormat"}, `strings.Repeat("0", minorDigits)`, `strings.Repeat("0", 2)`)},
		tests:   tests{"internal/export", "TestMoneyIsShownInTheDigitsOfTheCurrency"},
	},
	{
		name:    "lists: one may pay with gold",
		changes: []change{replaceIn(symbol{"internal/currency", "currencies"}, "err == nil && len(fields) == 2", "true")},
		tests:   tests{"internal/organization", "TestFieldsAreHeldAgainstTheRules"},
	},
	{
		name:    "lists: what is withdrawn has to be left",
		changes: []change{replaceIn(symbol{"internal/check", "Fields.Currency"}, "code != before && ", "")},
		tests:   tests{"internal/organization", "TestAnOrganizationKeepsAWithdrawnCurrencyAndZone"},
	},
	{
		name:    "rejections: an older version heals, among what is kept",
		changes: []change{replaceIn(symbol{pushes, "batch.queueHealing"}, "THEN r.modified_at <= h.at END", "THEN true END")},
		tests:   tests{feed, "TestOnlyWhatIsAsNewHealsARejection"},
	},
	{
		name:    "rejections: an older version heals, in one push",
		changes: []change{replaceIn(symbol{pushes, "acceptance.heals"}, "return !a.at.Before(refused.modifiedAt)", "return true")},
		tests:   tests{feed, "TestOnlyWhatIsAsNewHealsARejection"},
	},
	{
		name:    "days: the day of the connection is that of UTC",
		changes: []change{replaceIn(symbol{projections, "rows.markLate"}, "calendar.Day(connected)", "(Calendar{Zone: time.UTC}).Day(connected)")},
		tests:   tests{"internal/report", "TestTheDayOfTheConnectionIsTheOrganizations"},
	},
	{
		name:    "clock: a time that is shown twice is the second",
		changes: []change{replaceIn(symbol{"internal/zonetime", "At"}, "moment.Before(end):", "shown.Add(36*time.Hour).Before(end):")},
		tests:   tests{"internal/zonetime", "TestEveryChangeOfEveryZone"},
	},
	{
		name:    "clock: a time that is skipped moves back",
		changes: []change{replaceIn(symbol{"internal/zonetime", "At"}, "shown.Add(-seconds(before)).In(zone)", "shown.Add(seconds(before) - 2*seconds(offset)).In(zone)")},
		tests:   tests{"internal/zonetime", "TestEveryChangeOfEveryZone"},
	},
	{
		name:    "clock: a license ends at the library's midnight",
		changes: []change{replaceIn(symbol{"internal/license", "Licenses.Grant"}, "zonetime.StartOf(day.AddDate(0, 0, 1), zone)", "time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, zonetime.StartOf(day, zone).Location())")},
		tests:   tests{"internal/license", "TestSupportMovesTheEndOfALicense"},
	},
}

var figureMutations = []mutation{
	{
		name:    "figures: products bear nothing of what only the receipt has",
		changes: []change{replaceIn(symbol{projections, "spreadOver"}, "if amount.IsZero() {", "if true {")},
		tests:   tests{"internal/report", "TestEveryFigureKeepsTheIdentity"},
	},
	{
		name:    "figures: what comes back within a sale is forgotten",
		changes: []change{removeFrom(symbol{projections, "projectLine"}, "l.returned = l.taxOnTop.Sub(l.total)")},
		tests:   tests{"internal/report", "TestEveryFigureKeepsTheIdentity"},
	},
	{
		name:    "figures: the tax that a receipt adds to its lines is forgotten",
		changes: []change{replaceIn(symbol{projections, "amountsOfReceipt"}, "if record.AddsTaxToLines(receipt) {", "if record.AddsTaxToLines(receipt) && false {")},
		tests:   tests{"api", "TestMeasuresOfReceiptsAsTillsMakeThem"},
	},
	{
		name:    "figures: an unknown cost is a cost of nothing",
		changes: []change{replaceIn(symbol{projections, "projectSale"}, "if line.hasCost {", "if true {")},
		tests:   tests{"internal/report", "TestUnknownCostIsNoCostOfNothing"},
	},
	{
		name:    "figures: an open receipt counts",
		changes: []change{replaceIn(symbol{projections, "document.isCounted"}, "d.status == statusClosed", "d.status != \"cancelled\"")},
		tests:   tests{"api", "TestMeasuresOfReceiptsAsTillsMakeThem"},
	},
	{
		name:    "figures: rows are rounded each by itself",
		changes: []change{replaceIn(symbol{"internal/report", "roundTogether"}, "if sum.LessThan(step) {", "if true {")},
		tests:   tests{"internal/report", "TestFiguresInDigitsStillAddUp"},
	},
	{
		name:    "figures: refunds are no part of what was collected",
		changes: []change{replaceIn(symbol{"internal/report", "amountColumns"}, "ELSE x.gross - x.discounts END", "ELSE 0 END")},
		tests:   tests{"internal/report", "TestEveryFigureKeepsTheIdentity"},
	},
	{
		name:    "remarks: lists do not know of them",
		changes: []change{replaceIn(symbol{projections, "remarksOf"}, "if len(found) == 0 {", "if true {")},
		tests:   tests{"api", "TestMeasuresOfReceiptsAsTillsMakeThem"},
	},
}
