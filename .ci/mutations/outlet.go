package main

// The agent: what it reads, remembers and says.

var agentMutations = []mutation{
	{
		name: "agent: what is on its way is not kept",
		changes: []change{removeFrom(symbol{agent + "/send", "Sender.pushChanges"}, `
			if err := s.State.Sending(ctx, kind, b.unansweredRecords(s.Link.Now())); err != nil {
				return err
			}`)},
		tests: tests{agent, "TestWhatVanishesAfterALostAnswerIsDeletedAllTheSame|TestAClockSetAfterALostAnswerHoldsNothingUp"},
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
		tests: tests{agent, "TestAgentThatIsKilledAgainAndAgainGetsThere|TestWhatVanishesAfterALostAnswerIsDeletedAllTheSame|TestAClockSetAfterALostAnswerHoldsNothingUp"},
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
		changes: []change{replaceIn(symbol{feed, "newSourceID"}, "EXISTS (SELECT FROM sources WHERE organization_id = $1) OR ", "")},
		tests:   tests{feed, "TestOnlyOneSourceIsTheFirst"},
	},
	{
		name:    "identity: a source with an id of its own is not counted",
		changes: []change{replaceIn(symbol{feed, "Feed.writeSource"}, "others >= MaxSources && !known", "false")},
		tests:   tests{feed, "TestSourcesAreBoundedHoweverTheyCome"},
	},
	{
		name:    "identity: sources are claimed at once",
		changes: []change{replaceIn(symbol{feed, "lockSources"}, " FOR UPDATE", "")},
		tests:   tests{feed, "TestSourcesAreBoundedHoweverTheyCome|TestOnlyOneSourceIsTheFirst"},
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
		name:    "agent: a field that figures lack is not said",
		changes: []change{replaceIn(symbol{agent, "kindCheck.findMissingFields"}, `field.Wanted || field.Gives != ""`, "field.Wanted")},
		tests:   tests{agent, "TestCheckMappingSaysWhatIsDoubtful"},
	},
	{
		name:    "agent: change marks of two offsets are not said",
		changes: []change{replaceIn(symbol{agent, "kindCheck.checkMark"}, " || (given.offset-k.firstMark.offset).Abs() > k.kind.Overlap", "")},
		tests:   tests{agent, "TestCheckMappingSaysWhereMarksDoNotCompareAsTimes"},
	},
	{
		name:    "agent: an init that is repeated forgets the key",
		changes: []change{replaceIn(symbol{agent + "/cli", "initCommand.askMissing"}, "cmp.Or(c.Key, known.Key)", "c.Key")},
		tests:   tests{agent + "/cli", "TestInitAsksForWhatIsNotGiven"},
	},
	{
		name:    "files: the mark that an editor puts before a text belongs to it",
		changes: []change{replaceIn(symbol{"internal/textfile", "Decode"}, "encoding.BOMOverride(transform.Nop)", "encoding.UTF8.NewEncoder()")},
		tests:   tests{agent, "TestAConfigurationIsReadAsEditorsWriteIt"},
	},
	{
		name:    "files: what is copied along with a key belongs to it",
		changes: []change{replaceIn(symbol{agent, "Init"}, "textfile.Trim(given.Key)", "given.Key")},
		tests:   tests{agent + "/cli", "TestInitAsksForWhatIsNotGiven"},
	},
	{
		name:    "source: a row that is left out counts as vanished",
		changes: []change{removeFrom(symbol{agent + "/reconcile", "Comparer.countRest"}, "AND NOT EXISTS (SELECT 1 FROM listed WHERE listed.id = there.id)")},
		tests:   tests{agent, "TestARowThatIsNoRecordIsNamedAndItsNeighboursGo"},
	},
}
