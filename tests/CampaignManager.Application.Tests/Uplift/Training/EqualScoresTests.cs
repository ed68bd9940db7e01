using System.Globalization;

namespace CampaignManager.Application.Tests.Uplift.Training;

/// <summary>Same data and seed, same scores to the last bit: in one process twice, in another process, with another number of processors.</summary>
public sealed class EqualScoresTests(TwoProcesses processes) : IClassFixture<TwoProcesses>
{
    public static TheoryData<string, string> Learners => [.. TwoProcesses.Learners.Select(l => new TheoryDataRow<string, string>(l.Learner, l.Base))];

    [Theory]
    [MemberData(nameof(Learners))]
    public async Task Train_OtherProcessOrProcessors_SameBytes(string learner, string basis)
    {
        var one = processes.Scores(1, learner, basis);
        Assert.Equal(2 * 2000 * sizeof(double), one.Length);
        Assert.True(one.Chunk(sizeof(double)).Distinct(new ByBytes()).Count() > 2, "The scores are too much alike to prove anything.");
        Assert.True(one.AsSpan().SequenceEqual(processes.Scores(2, learner, basis)), "One processor and two give different scores.");
        var (here, again) = (await TwoProcesses.TrainAsync(learner, basis), await TwoProcesses.TrainAsync(learner, basis));
        Assert.True(one.AsSpan().SequenceEqual(here), "This process gives other scores than another one.");
        Assert.True(here.AsSpan().SequenceEqual(again), "This process gives other scores the second time.");
    }
}

/// <summary>Not a test of anything: what <see cref="TwoProcesses"/> runs in its child processes.</summary>
public sealed class ScoreWriter
{
    [Fact(Explicit = true)]
    public async Task WriteScores()
    {
        var folder = Environment.GetEnvironmentVariable(TwoProcesses.Variable) ?? throw new InvalidOperationException($"{TwoProcesses.Variable} is not set.");
        foreach (var (learner, basis) in TwoProcesses.Learners)
            await File.WriteAllBytesAsync(Path.Combine(folder, TwoProcesses.FileOf(learner, basis)), await TwoProcesses.TrainAsync(learner, basis), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "processors"), Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);
    }
}

file sealed class ByBytes : IEqualityComparer<byte[]>
{
    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] bytes) => BitConverter.ToInt64(bytes).GetHashCode();
}
