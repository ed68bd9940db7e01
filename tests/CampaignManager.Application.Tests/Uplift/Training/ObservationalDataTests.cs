using System.Text.Json;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Tests.TrainingData;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Experiments;

namespace CampaignManager.Application.Tests.Uplift.Training;

public sealed class ObservationalDataTests
{
    private static TrainModelResult Result(JobRun run) => JsonSerializer.Deserialize<TrainModelResult>(run.Result!, JsonSerializerOptions.Web)!;

    private static DifferenceInterval Naive(UpliftTable table)
    {
        ArmStatistics Of(bool treated) => Enumerable.Range(0, table.Count).Where(i => table.Arms[i] != 0 == treated)
            .Aggregate(default(ArmStatistics), (sum, i) => sum + new ArmStatistics(1, table.Outcomes["converted"][i], table.Outcomes["converted"][i] * table.Outcomes["converted"][i]));
        return Welch.Difference(Of(true), Of(false));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Train_ConfoundedArms_CoversTheTruthThatTheirDifferenceMisses(int seed)
    {
        var data = AConfoundedTable.Draw(rows: 8000, seed: (ulong)seed);
        var truth = data.Effect.Average();
        Assert.True(Naive(data.Table).Low > truth + 0.02, "The arms do not differ enough to mislead anybody.");
        await using var room = await TrainingRoom.OpenAsync();
        var run = await room.TrainAsync(new TrainingRequest(ExperimentId: await room.ExperimentAsync(data.Table), Outcome: "converted", Learner: "s"));

        Assert.Equal((JobState.Succeeded, null), (run.State, run.Error));
        var metrics = Result(run).Metrics;
        Assert.True(metrics.Observational);
        Assert.InRange(truth, metrics.Ate.Low!.Value, metrics.Ate.High!.Value);
        Assert.True(metrics.U30.Value > metrics.Ate.Value);
        Assert.Equal((null, null), (metrics.Qini.Value, metrics.Auuc.Value));
        Assert.True(metrics.QiniAbs.Value > 0);
        var detail = (await room.Get<ModelService>().FindAsync(run.Id, CancellationToken.None)).Value;
        Assert.True(detail.Row.Observational && detail.Manifest!.Observational);
        // That features go with the arm is known here, and no alarm.
        Assert.DoesNotContain(detail.Manifest!.Warnings, w => w.Grave);
        var measured = detail.Manifest.Evaluation[0].Segments.Single(s => s is { Feature: "x_new", Level: "1" });
        Assert.InRange(0.15, measured.Low, measured.High);
        var log = await room.Get<JobService>().LogAsync(run.Id, CancellationToken.None);
        Assert.Contains(log, line => line.Text.Contains("propensity estimated by", StringComparison.Ordinal));
    }

    [Fact]
    public void Prepare_KnownPropensity_IsEstimatedWithinItsError()
    {
        var data = AConfoundedTable.Draw(rows: 8000);
        var (table, overlap) = ObservationalData.Prepare(data.Table, seed: 1, CancellationToken.None);
        var error = Math.Sqrt(table.Rows.Select((row, i) => table.AgainstControl![0][i] - data.Propensity[row]).Average(d => d * d));
        Assert.InRange(error, 0, 0.04);
        Assert.True(overlap[0].LogLoss < overlap[0].ConstantLogLoss - 0.05);
    }

    [Fact]
    public void Prepare_CustomersWithoutAMatch_AreLeftOutAndNoOthers()
    {
        var data = AConfoundedTable.Draw(rows: 12_000, sure: 0.1, pull: 0.5);
        var (table, overlap) = ObservationalData.Prepare(data.Table, seed: 1, CancellationToken.None);

        var open = Enumerable.Range(0, data.Table.Count).Where(i => data.Propensity[i] is > 0.01 and < 0.99).Select(i => data.Table.Rows[i]);
        Assert.Equal(open, table.Rows);
        var arm = Assert.Single(overlap);
        Assert.Equal((12_000, 12_000 - table.Count), (arm.Rows, arm.Dropped));
        Assert.Equal(Enumerable.Range(0, 12_000).Count(i => data.Propensity[i] is < 0.01 or > 0.99 && data.Table.Arms[i] == 1), arm.DroppedTreated);
        Assert.Equal(table.AgainstControl![0].Min(), arm.Smallest);
        Assert.Equal(table.AgainstControl[0].Max(), arm.Largest);
        Assert.True(arm.Smallest >= ObservationalData.Least && arm.Largest <= 1 - ObservationalData.Least);
        Assert.Equal(new DataWarning(DataWarning.RowsWithoutMatch, "arm 1", null, null, arm.Dropped), Assert.Single(DataChecks.Of(overlap)));
    }

    [Fact]
    public void Prepare_TwoTreatedArms_HasAPropensityOfEachAgainstControl()
    {
        var data = AConfoundedTable.Draw(rows: 9000, arms: 3);
        var (table, overlap) = ObservationalData.Prepare(data.Table, seed: 1, CancellationToken.None);
        Assert.Equal(["arm 1", "arm 2"], overlap.Select(o => o.Arm));
        for (var arm = 1; arm <= 2; arm++)
        {
            // Half of the treated are in each arm: e/2 against 1 − e.
            double Truth(long row) => data.Propensity[row] / 2 / (1 - data.Propensity[row] / 2);
            var error = Math.Sqrt(table.Rows.Select((row, i) => table.PropensityAgainstControl(arm)[i] - Truth(row)).Average(d => d * d));
            Assert.InRange(error, 0, 0.06);
        }
    }

    [Fact]
    public async Task Train_TwoTreatedArms_EndsWithTheBestArm()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var run = await room.TrainAsync(new TrainingRequest(ExperimentId: await room.ExperimentAsync(AConfoundedTable.Draw(rows: 4000, arms: 3).Table), Outcome: "margin", Learner: "s"));
        Assert.Equal((JobState.Succeeded, null), (run.State, run.Error));
        var manifest = (await room.Get<ModelService>().FindAsync(run.Id, CancellationToken.None)).Value.Manifest!;
        Assert.Equal(2, manifest.Overlap!.Count);
        // Everybody's mean margin lies between a tenth and a half of 20, whichever arm is given to all.
        Assert.InRange(manifest.BestArm!.UniformValue.Value, 2, 10);
    }

    [Fact]
    public async Task Train_Twice_SameRowsAndFigures()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var request = new TrainingRequest(ExperimentId: await room.ExperimentAsync(AConfoundedTable.Draw(rows: 3000, sure: 0.05).Table), Outcome: "converted", Learner: "t", Seed: 4);
        var (first, second) = (Result(await room.TrainAsync(request)), Result(await room.TrainAsync(request)));
        Assert.Equal(first.Metrics, second.Metrics);
        Assert.Equal(await File.ReadAllBytesAsync(room.ModelFile(first.ModelId, ModelManifest.ScoresFile), TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(room.ModelFile(second.ModelId, ModelManifest.ScoresFile), TestContext.Current.CancellationToken));
        var compared = (await room.Get<ModelComparisons>().CompareAsync(first.ModelId, second.ModelId, CancellationToken.None)).Value;
        Assert.Equal(NotPaired.Observational, compared.Why);
    }

    [Fact]
    public async Task Train_ArmsWithNothingInCommon_SaysSo()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var run = await room.TrainAsync(new TrainingRequest(ExperimentId: await room.ExperimentAsync(AConfoundedTable.Draw(rows: 3000, sure: 0.5).Table), Outcome: "converted"));
        Assert.Equal(JobState.Failed, run.State);
        Assert.StartsWith("The arms have too little in common", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await room.Get<ModelService>().ListAsync(new PageRequest(), CancellationToken.None)).Total);
    }
}
