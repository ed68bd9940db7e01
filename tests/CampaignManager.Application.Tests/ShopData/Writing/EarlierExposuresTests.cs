using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Rows;
using static CampaignManager.Application.Tests.ShopData.Writing.AWriter;

namespace CampaignManager.Application.Tests.ShopData.Writing;

/// <summary>Exposures that were written before experiments had epochs: the campaign's epoch 1, drawn over the customer's own id.</summary>
public class EarlierExposuresTests
{
    private const string Columns = "experiment_id, epoch, customer_id, arm, assignment_id";

    [Fact]
    public async Task Exposures_OfAnEarlierRelease_AreEpochOneAndStandBesideNewOnes()
    {
        using var a = new AWriter();
        await a.WriteAsync(Guid.NewGuid(), Start, Was("C1", 1), Was("C2", 0));
        AgeFiles(a);

        Assert.Equal(["k|1|C1|1|C1", "k|1|C2|0|C2"], a.Rows(LakeTable.Exposures, Columns));
        var report = await a.WriteAsync(Guid.NewGuid(), Start, Was("C1", 1) with { ExperimentId = "k", Epoch = 2, AssignmentId = "first" });

        Assert.Equal((1, 0), (report.Written, report["corrected"]));
        Assert.Equal(["k|1|C1|1|C1", "k|1|C2|0|C2", "k|2|C1|1|first"], a.Rows(LakeTable.Exposures, Columns));
    }

    [Fact]
    public async Task Exposures_OfAnEarlierRelease_AreKnownAgainCorrectedAndGivenBack()
    {
        using var a = new AWriter();
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        await a.WriteAsync(first, Start, Was("C1", 1), Was("C2", 0));
        Assert.Equal(2, (await a.WriteAsync(second, Start.AddDays(1), Was("C1", 1), Was("C2", 0)))["duplicates"]);
        AgeFiles(a);

        var third = Guid.NewGuid();
        var report = await a.WriteAsync(third, Start.AddDays(2), Was("C1", 0), Was("C2", 0));
        Assert.Equal((1, 1), (report["corrected"], report["duplicates"]));
        Assert.Equal(["k|1|C1|0|C1", "k|1|C2|0|C2"], a.Rows(LakeTable.Exposures, Columns));

        await a.Writer.UndoAsync(third, TestContext.Current.CancellationToken);
        // The second import had said the same: the rows are its own once the first is taken back.
        await a.Writer.UndoAsync(first, TestContext.Current.CancellationToken);
        Assert.Equal([$"k|1|C1|1|C1|{second}", $"k|1|C2|0|C2|{second}"], a.Rows(LakeTable.Exposures, Columns + ", import_id"));
    }

    [Fact]
    public async Task Compaction_FilesOfBothReleases_KeepsWhatTheySay()
    {
        using var a = new AWriter(buckets: 1);
        foreach (var customer in (string[])["C1", "C2", "C3"])
            await a.WriteAsync(Guid.NewGuid(), Start, Was(customer, 1));
        AgeFiles(a);
        await a.WriteAsync(Guid.NewGuid(), Start, Was("C1", 2) with { ExperimentId = "k", Epoch = 2 });
        var before = a.Rows(LakeTable.Exposures, Columns);

        Assert.Equal(4, await new LakeCompaction(a.Lake, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal(before, a.Rows(LakeTable.Exposures, Columns));
        Assert.True(Assert.Single(a.Lake.Catalogue().FilesOf(LakeTable.Exposures)).Whole);
    }

    private static ExposureRow Was(string customer, int arm) => new("k", customer, arm, 0) { AssignedAt = Start.AddDays(-5), Propensity = 0.5, Randomised = true };

    /// <summary>Leaves the files without what came later, as an earlier release wrote them.</summary>
    private static void AgeFiles(AWriter a)
    {
        var late = string.Join(", ", LakeTable.Exposures.Added.Where(c => c.IsLate).Select(c => c.Name));
        using var connection = a.Lake.Open();
        var catalogue = a.Lake.Catalogue();
        foreach (var file in catalogue.FilesOf(LakeTable.Exposures))
        {
            var (path, aged) = (a.Lake.PathTo(file.Path), a.Lake.PathTo(file.Path) + ".aged");
            connection.Run($"COPY (SELECT * EXCLUDE ({late}) FROM {a.Lake.SourceOf(file.Path)}) TO '{aged}' (FORMAT parquet)");
            File.Move(aged, path, overwrite: true);
        }

        File.WriteAllText(a.Lake.PathTo(LakeCatalogue.FileName), (catalogue with { Files = [.. catalogue.Files.Select(f => f with { Whole = false })] }).Text());
    }
}
