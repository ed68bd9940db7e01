using System.ComponentModel.DataAnnotations;

namespace CampaignManager.Application.Imports;

/// <summary>Limits of what may be brought in (section <c>Imports</c>).</summary>
public sealed record ImportOptions
{
    [Range(1, 1_000_000_000_000, ErrorMessage = "Imports:MaxUploadBytes must be 1 to 1000000000000, for example 2000000000 for 2 GB.")]
    public long MaxUploadBytes { get; init; } = 2_000_000_000;

    /// <summary>How large a packed file may become: a small file can unpack to something that fills the disk.</summary>
    [Range(1, long.MaxValue, ErrorMessage = "Imports:MaxUnpackedBytes must be at least 1, for example 16000000000 for 16 GB.")]
    public long MaxUnpackedBytes { get; init; } = 16_000_000_000;

    /// <summary>Uploaded files are needed until their import is done; afterwards they are kept this long for another try.</summary>
    [Range(0, 3650, ErrorMessage = "Imports:KeepUploadDays must be between 0 and 3650.")]
    public int KeepUploadDays { get; init; } = 7;

    /// <summary>Lines written to the rejects file; further ones are only counted.</summary>
    [Range(0, int.MaxValue, ErrorMessage = "Imports:MaxRejectLines must be 0 or more.")]
    public int MaxRejectLines { get; init; } = 200_000;
}
