using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Rows;

namespace CampaignManager.Application.ShopData.Reading;

/// <summary>Files of which nothing can be taken.</summary>
internal sealed class RefusedPlan : ReadingPlan
{
    public RefusedPlan(ImportRefusedException refusal) => Refusal = refusal;

    public override IEnumerable<ReadRow> Read(Figures figures, IRejects rejects, CancellationToken cancel) =>
        throw new InvalidOperationException("What is refused is not read.");
}
