using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Imports;

namespace CampaignManager.Application.ShopData.Retention;

/// <param name="Table">One of <see cref="LakeRetention.Prunable"/>.</param>
/// <param name="Before">UTC, the beginning of the first quarter that stays, as somebody confirmed it.</param>
public sealed record PruneRows(string Table, DateTime Before);

/// <summary>Removes whole quarters that somebody confirmed; run twice it finds nothing left.</summary>
internal sealed class PruneRowsJob(LakeRetention retention, ShopDataChanged changed) : IJob
{
    public const string Kind = "prune-rows";

    private static readonly JobStage Pruning = new("pruning-rows");

    public static readonly JobKind Declared = new(Kind, Pruning);

    public sealed record Result(long Rows);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var asked = context.Arguments<PruneRows>();
        await context.ReportAsync(Pruning, 0, cancellationToken);
        var rows = await retention.PruneAsync(LakeRetention.Prunable.Single(t => t.Name == asked.Table), asked.Before, cancellationToken);
        if (rows > 0)
            await changed(CancellationToken.None);
        return new Result(rows);
    }
}
