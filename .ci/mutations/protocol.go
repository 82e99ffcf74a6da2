package main

// What pushes and the feed promise, by the numbers of docs/protocol.md.

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
		changes: []change{replaceIn(symbol{pushes, "batch.queueCurrent"}, "b.writer.currentBytes <= maxCurrentBytes", "true")},
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
