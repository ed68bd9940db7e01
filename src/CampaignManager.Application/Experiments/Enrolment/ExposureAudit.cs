using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Experiments;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Experiments.Enrolment;

/// <summary>Whether an epoch's exposures are in the arms that its hash gives them.</summary>
/// <param name="Epoch">Its number.</param>
/// <param name="Exposures">How many there are.</param>
/// <param name="Mismatches">Whose arm is another than the hash over their assignment id says: one is an alarm.</param>
/// <param name="InTwoArms">People with more than one exposure in it, in different arms, because two ids turned out to be theirs.</param>
public sealed record EpochAudit(int Epoch, long Exposures, long Mismatches, long InTwoArms);

/// <summary>Recomputes the arm of every exposure: an exact look, beside the tests of ratios.</summary>
public sealed class ExposureAudit(DataLake lake, IDbContextFactory<AppDbContext> contexts)
{
    private const int Chunk = 65_536;

    /// <summary>The epochs of an experiment that have exposures; those of campaigns from before are audited against the salt of their launch.</summary>
    public async Task<IReadOnlyList<EpochAudit>> RunAsync(Guid experiment, CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var epochs = await context.ExperimentEpochs.AsNoTracking().Where(e => e.ExperimentId == experiment).OrderBy(e => e.Number).ToListAsync(cancel);
        if (epochs.Count == 0 || !lake.HasRows(LakeTable.Exposures))
            return [];
        return await Task.Run(() => Read(experiment, epochs, cancel), cancel);
    }

    private List<EpochAudit> Read(Guid experiment, IReadOnlyList<ExperimentEpoch> epochs, CancellationToken cancel)
    {
        using var connection = lake.Open();
        var split = connection.Query(
            $"""
            SELECT epoch, count(*) FROM (
                SELECT epoch, who FROM ({Rows(experiment)}) GROUP BY ALL HAVING count(DISTINCT arm) > 1) GROUP BY 1
            """,
            r => (Epoch: r.GetInt32(0), People: r.GetInt64(1))).ToDictionary(r => r.Epoch, r => r.People);
        List<EpochAudit> audits = [];
        foreach (var epoch in epochs)
        {
            var cuts = EpochArm.CutsOf(EpochArm.Read(epoch.ArmsJson));
            var (all, wrong) = (0L, 0L);
            List<(string Id, int Arm)> some = new(Chunk);
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT assignment_id, arm FROM ({Rows(experiment)}) WHERE epoch = {epoch.Number} AND randomised";
            command.UseStreamingMode = true;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                some.Add((reader.GetString(0), reader.GetInt32(1)));
                if (some.Count == Chunk)
                    Judge();
            }

            Judge();
            if (all > 0)
                audits.Add(new EpochAudit(epoch.Number, all, wrong, split.GetValueOrDefault(epoch.Number)));

            void Judge()
            {
                cancel.ThrowIfCancellationRequested();
                wrong += some.AsParallel().Count(e => cuts.Of(epoch.Salt, e.Id) != e.Arm);
                all += some.Count;
                some.Clear();
            }
        }

        return audits;
    }

    /// <summary>As they were written: readers of the table see one row of a person, and the other is what is looked for.</summary>
    private string Rows(Guid experiment)
    {
        var catalogue = lake.Catalogue();
        var aliases = new LakeAliases(lake, catalogue, null);
        var own = new LakeRelation(lake, LakeTable.Exposures, catalogue, null).Own;
        var who = aliases.Any
            ? $"coalesce(a.customer_id, x.customer_id) AS who FROM {own} x LEFT JOIN {aliases.Resolved} a ON a.kind = '{LakeAliases.Customer}' AND a.from_id = x.customer_id"
            : $"x.customer_id AS who FROM {own} x";
        return $"SELECT x.epoch, x.assignment_id, x.arm, coalesce(x.randomised, true) AS randomised, {who} WHERE x.experiment_id = '{experiment:D}'";
    }
}
