namespace CampaignManager.Application.Data;

/// <summary>
/// The process must not start. Its message is a sentence that says what to change; the process prints it and ends with <see
/// cref="ExitCode"/>.
/// </summary>
public sealed class StartRefusedException(string sentence) : Exception(sentence)
{
    public const int ExitCode = 2;
}
