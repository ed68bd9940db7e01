using CampaignManager.Application.Jobs;

namespace CampaignManager.Application.Tests.Jobs;

public sealed class JobSentenceTests
{
    [Fact]
    public void Of_Holes_AreTheValuesWithTheirFormats()
    {
        var sentence = JobSentence.Of("loaded", $"Loaded {12345:N0} rows, {0.25:0%} for '{SentenceValue.Outcome("visit")}'.");

        Assert.Equal("Loaded 12,345 rows, 25% for 'visit'.", sentence.Text);
        Assert.Equal([new("12,345"), new("25%"), new("visit", SentenceValue.OutcomeKind)], sentence.Values);
    }

    [Fact]
    public void Read_WhatWasStored_IsTheSame()
    {
        var sentence = JobSentence.Of("fitted", $"Fitted with {SentenceValue.Learner("auto")} on arm {"a {0} \"quoted\" one"}.");

        var read = JobSentence.Read(sentence.ToJson(), sentence.Text)!;

        Assert.Equal((sentence.Code, sentence.Text), (read.Code, read.Text));
        Assert.Equal(sentence.Values, read.Values);
        Assert.Null(JobSentence.Read(null, "A line from before."));
    }
}
