using CampaignManager.Application.Imports;
using CampaignManager.Application.TrainingData.DataSets;
using CampaignManager.Web.Shared.Imports;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Data;

/// <summary>How an import of a data set looks.</summary>
public sealed class DataSetPages(DataSetService dataSets, IStringLocalizer<DataTexts> texts) : ImportPages
{
    public override string Kind => DataSetImport.Kind;

    public override string Label => texts["KindExperiment"];

    public override Type Editor => typeof(DataSetEditor);

    public override Type Actions => typeof(DataSetActions);

    public override Type Result => typeof(DataSetResult);

    public override async Task<string?> NameAsync(ImportView import, CancellationToken cancellationToken) =>
        import.ExperimentId is { } id && await dataSets.ManifestAsync(id, cancellationToken) is { } manifest ? manifest.Name : null;
}
