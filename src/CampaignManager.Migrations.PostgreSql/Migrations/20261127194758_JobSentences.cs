using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CampaignManager.Migrations.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class JobSentences : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "ErrorSentence",
                table: "JobRuns",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Sentence",
                table: "JobLogLines",
                type: "text",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ErrorSentence",
                table: "JobRuns");

            migrationBuilder.DropColumn(
                name: "Sentence",
                table: "JobLogLines");
        }
    }
}
