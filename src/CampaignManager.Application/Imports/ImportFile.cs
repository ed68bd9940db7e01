namespace CampaignManager.Application.Imports;

/// <summary>One of the files that an import is made of.</summary>
/// <param name="Key">Where it lies beside the import's first file; null for that one.</param>
/// <param name="Sha256">Of the file as it was sent, hex.</param>
public sealed record ImportFile(Guid? Key, string FileName, long SizeBytes, string Sha256);
